/** The field manager of everything the agent writes. */
export const FIELD_MANAGER = 'palette-agent';
