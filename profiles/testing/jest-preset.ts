/** The preset `palette-iac/profiles/testing` for a Jest of one's own: `{ "preset": "palette-iac/profiles/testing" }`. */
import { jestConfig } from './jest/config.ts';

// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default jestConfig();
