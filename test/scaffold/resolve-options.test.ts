import { readdirSync } from 'node:fs';
import { enter, leave } from './support';
import { NEW, resolveOptionsOrExit } from '../../src/scaffold/resolve-options';
import * as output from '../../src/util/stderr';
import { UserError } from '../../src/util/user-error';

afterEach(leave);

const installed = { 'package.json': '{"devDependencies": {"pmcp-deploy": "*", "projen": "*"}}', 'node_modules/pmcp-deploy/package.json': '{}' };

test('projen new ends with the reason alone, and without what was installed for it', () => {
  const folder = enter({ ...installed, 'Cargo.toml': '[package' });
  const exit = jest.spyOn(process, 'exit').mockImplementation((code) => { throw new Error(`exit ${code}`); });
  const said = jest.spyOn(output, 'say').mockReturnValue();
  expect(() => resolveOptionsOrExit({ [NEW]: { fqn: 'pmcp-deploy.scaffold.PmcpDeployProject' } })).toThrow('exit 1');
  expect(said.mock.calls.flat().join('')).toMatch(/^error: .*\/Cargo\.toml is not TOML: /);
  expect(readdirSync(folder)).toEqual(['Cargo.toml']);
  [exit, said].forEach((spy) => spy.mockRestore());
});

test('elsewhere the error is thrown', () => {
  const folder = enter({ ...installed, 'Cargo.toml': '[package' });
  expect(() => resolveOptionsOrExit({})).toThrow(UserError);
  expect(readdirSync(folder).sort()).toEqual(['Cargo.toml', 'node_modules', 'package.json']);
});
