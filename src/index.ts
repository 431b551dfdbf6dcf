export * as scaffold from './scaffold';
