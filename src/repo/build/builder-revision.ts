/** Raised when the same inputs are to give other packages than before: every build is then done anew. */
export const BUILDER_REVISION = 1;

/** The time that all packages bear, in seconds: the same inputs give the same bytes. */
export const SOURCE_DATE_EPOCH = 1_577_836_800;
