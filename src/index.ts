export * from './rust';
export * as scaffold from './scaffold';
