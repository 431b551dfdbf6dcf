/** A stage's name, which ends the name of its stack. */
export const STAGE_NAME = /^(?!default$)[A-Za-z][A-Za-z0-9-]{0,19}$/;

/** What `STAGE_NAME` allows, in words. */
export const STAGE_NAME_FORM = 'a letter, then letters, digits and hyphens (at most 20), and not "default"';
