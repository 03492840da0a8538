/** How profiles, objects and texts differ, and how that is told. */
export type { FieldChange, ObjectChange } from './change.ts';
export {
  changesAnything,
  diffProfiles,
  type DiffOptions,
  type LayerChange,
  type ProfileDifference,
  type ProfileSide,
  type ProfileSummary,
} from './diff-profiles.ts';
export { fieldChanges, type FieldChangeOptions } from './field-changes.ts';
export { countObjects, fieldLines, objectLines, type FormatOptions } from './format-changes.ts';
export { differenceMarkdown, differenceText } from './format-difference.ts';
export { codeBlock, details, diffBlock, escapeMarkdown, fitComment, MAX_COMMENT } from './markdown.ts';
export { MASKED, maskSecretContent, maskTexts, type Mask } from './mask.ts';
export { objectChange } from './object-change.ts';
export { renderedChanges, sameObjects } from './rendered-changes.ts';
export { restartsPods } from './restarts.ts';
