/** Terraform's name of a camelCase key: `renewK8sCertificatesNow` is `renew_k8s_certificates_now`. */
export function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
