import { stackName } from '../../src/config/names';

test.each([
  ['hello', undefined, 'hello'],
  ['hello', 'default', 'hello'],
  ['hello', 'prod', 'hello-prod'],
  ['my_server', 'prod', 'my-server-prod'],
  ['a__b', 'default', 'a-b'],
])('server %s in stage %s has the stack %s', (server, stage, expected) => {
  expect(stackName(server, stage)).toBe(expected);
});
