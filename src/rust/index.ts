export * from './code';
export * from './extension';
export * from './function';
export * from './types';
export * from './workspace';
