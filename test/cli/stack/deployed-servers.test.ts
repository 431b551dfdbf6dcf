import { chooseServers, serversOf } from '../../../src/cli/stack/deployed-servers';
import type { StackState } from '../../../src/cli/stack/stack';

const stack: StackState = {
  name: 'family',
  id: 'arn:aws:cloudformation:us-east-1:123456789012:stack/family/1',
  status: 'UPDATE_COMPLETE',
  tags: new Map(),
  outputs: ['mapsFunctionName', 'mapsLogGroupName', 'mapssearchFunctionName', 'mapssearchLogGroupName', 'Own'].map((key) => ({ key, value: `${key} value` })),
};

test('each server has its outputs, also when the name of one begins that of another', () => {
  expect(serversOf(stack).map(({ prefix, outputs }) => [prefix, Object.fromEntries(outputs)])).toEqual([
    ['maps', { FunctionName: 'mapsFunctionName value', LogGroupName: 'mapsLogGroupName value' }],
    ['mapssearch', { FunctionName: 'mapssearchFunctionName value', LogGroupName: 'mapssearchLogGroupName value' }],
  ]);
});

test('a server is chosen by its name as deploy.toml has it', () => {
  expect(chooseServers(stack)).toHaveLength(2);
  expect(chooseServers(stack, 'maps-search').map(({ prefix }) => prefix)).toEqual(['mapssearch']);
  expect(() => chooseServers(stack, 'other')).toThrow('stack family has no server "other": it has maps, mapssearch');
});
