import { dependencyOf, isFolder } from '../../src/scaffold/own-package';

test.each([
  ['pmcp-deploy', 'pmcp-deploy'],
  ['pmcp-deploy@^1.2', 'pmcp-deploy@^1.2'],
  ['pmcp-deploy@next', 'pmcp-deploy@next'],
  ['./pmcp-deploy-1.0.0.tgz', 'pmcp-deploy@file:../pmcp-deploy-1.0.0.tgz'],
  ['pmcp-deploy-1.0.0.tgz', 'pmcp-deploy@file:../pmcp-deploy-1.0.0.tgz'],
  ['../pack/pmcp-deploy-1.0.0.tgz', 'pmcp-deploy@file:../../pack/pmcp-deploy-1.0.0.tgz'],
  ['file:../pack/pmcp-deploy-1.0.0.tgz', 'pmcp-deploy@file:../../pack/pmcp-deploy-1.0.0.tgz'],
  ['/pack/pmcp-deploy-1.0.0.tgz', 'pmcp-deploy@file:/pack/pmcp-deploy-1.0.0.tgz'],
  ['../me@home/pmcp-deploy', 'pmcp-deploy@file:../../me@home/pmcp-deploy'],
  ['https://example.com/pmcp-deploy-1.0.0.tgz', 'pmcp-deploy@https://example.com/pmcp-deploy-1.0.0.tgz'],
  ['github:pmcp-deploy/pmcp-deploy', 'pmcp-deploy@github:pmcp-deploy/pmcp-deploy'],
  ['git+ssh://git@example.com/a.git', 'pmcp-deploy@git+ssh://git@example.com/a.git'],
])('--from %s', (spec, dependency) => {
  expect(dependencyOf(spec, '/work/server', '/work/server/deploy')).toBe(dependency);
});

test.each([
  ['pmcp-deploy@file:../../pmcp-deploy', true],
  ['pmcp-deploy@file:../../me@home/pmcp-deploy', true],
  ['pmcp-deploy@file:../pmcp-deploy-1.0.0.tgz', false],
  ['pmcp-deploy@^1.2', false],
])('%s is a folder: %s', (dependency, expected) => {
  expect(isFolder(dependency)).toBe(expected);
});
