/** Tests wait for conditions; how long one may take says only when nothing more is to be expected, also of a busy machine. */
import { jest } from '@jest/globals';

jest.setTimeout(60_000);
