/**
 * A cloud configuration as code: a network in AWS, the role that Palette assumes there, and the
 * cloud account made of it. What AWS gives flows on as typed tokens; nothing is copied by hand.
 *
 * Compile it, run it with `node main.js`, and apply what stands in cdktf.out:
 *
 *   TF_VAR_external_id=… terraform -chdir=cdktf.out/stacks/aws apply
 *
 * Import the AWS provider by subpath: its root loads 600 MB.
 */
import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones/index.js';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { App, Fn, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { CloudaccountAws, Macros, SpectrocloudProvider } from 'palette-iac/cdktf';

/** Account of the management plane, which assumes the role. */
const PALETTE_ACCOUNT = '123456789012';

const network = { region: 'eu-central-1', cidr: '10.20.0.0/16', zones: 3 };

/** What Palette may do in the account: enough to make clusters in the network that is there. */
const permissions = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['ec2:*', 'elasticloadbalancing:*', 'autoscaling:*'], Resource: '*' },
    { Effect: 'Allow', Action: ['iam:PassRole', 'iam:GetRole', 'iam:ListInstanceProfiles'], Resource: '*' },
  ],
};

class Aws extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    new AwsProvider(this, 'aws', { region: network.region, defaultTags: [{ tags: { 'managed-by': 'palette-iac' } }] });
    new SpectrocloudProvider(this, 'palette', { projectName: 'Default' });

    const externalId = new TerraformVariable(this, 'external_id', {
      type: 'string',
      sensitive: true,
      description: 'Secret that Palette shows when it assumes the role',
    });

    const vpc = new Vpc(this, 'vpc', { cidrBlock: network.cidr, enableDnsHostnames: true, tags: { Name: 'palette' } });
    const zones = new DataAwsAvailabilityZones(this, 'zones', { state: 'available' });
    const subnets = Array.from(
      { length: network.zones },
      (_, index) =>
        new Subnet(this, `private-${index}`, {
          vpcId: vpc.id,
          cidrBlock: Fn.cidrsubnet(vpc.cidrBlock, 4, index),
          availabilityZone: Fn.element(zones.names, index),
          tags: { Name: `palette-private-${index}`, 'kubernetes.io/role/internal-elb': '1' },
        }),
    );

    const role = new IamRole(this, 'role', {
      name: 'palette',
      assumeRolePolicy: Fn.jsonencode({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { AWS: `arn:aws:iam::${PALETTE_ACCOUNT}:root` },
            Condition: { StringEquals: { 'sts:ExternalId': externalId.stringValue } },
          },
        ],
      }),
    });
    const policy = new IamPolicy(this, 'policy', { name: 'palette', policy: Fn.jsonencode(permissions) });
    const attachment = new IamRolePolicyAttachment(this, 'permissions', { role: role.name, policyArn: policy.arn });

    const account = new CloudaccountAws(this, 'account', {
      name: `aws-${network.region}`,
      type: 'sts',
      arn: role.arn,
      externalId: externalId.stringValue,
      policyArns: [policy.arn],
      // Palette tries the role when the account is made: it has to have its permissions by then.
      dependsOn: [attachment],
    });

    // Packs refer to these as {{ .spectro.macro.aws_vpc_id }} and so on.
    new Macros(this, 'network', {
      context: 'project',
      macros: {
        aws_region: network.region,
        aws_vpc_id: vpc.id,
        aws_private_subnets: Fn.join(
          ',',
          subnets.map((subnet) => subnet.id),
        ),
      },
    });

    new TerraformOutput(this, 'account-id', { value: account.id });
  }
}

const app = new App();
new Aws(app, 'aws');
app.synth();
