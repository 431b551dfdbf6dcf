export * from './code';
export * from './crate-props';
export * from './docker-options';
export * from './extension';
export * from './function';
export * from './types';
export * from './workspace';
