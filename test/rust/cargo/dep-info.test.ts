import { parseMessages } from '../../../src/rust/cargo/build-messages';
import { parseScriptOutput } from '../../../src/rust/cargo/build-scripts';
import { parseDepInfo } from '../../../src/rust/cargo/dep-info';

test('dep-info of rustc: files, also with spaces, and variables', () => {
  expect(parseDepInfo([
    '/t/deps/a-1.d: a/src/main.rs a/src/x\\ y.rs /abs/z.txt', '', '/t/deps/a-1: a/src/main.rs', '',
    'a/src/main.rs:', 'a/src/../../x\\ y#é.rs:', '/abs/z.txt:', '', '# env-dep:FOO', '# env-dep:BAR=1=2', '',
  ].join('\n'), '/w')).toEqual({ files: ['/w/a/src/main.rs', '/w/x y#é.rs', '/abs/z.txt'], env: ['FOO', 'BAR'] });
});

test.each([
  ['cargo:rerun-if-changed=data\ncargo::rerun-if-changed=a b.txt\r\ncargo:rerun-if-env-changed=ZZ\n',
    { paths: ['data', 'a b.txt'], env: ['ZZ'] }],
  ['cargo:rustc-env=A=1\nsome text\n', undefined],
  ['', undefined],
])('what a build script prints: %j', (text, expected) => {
  expect(parseScriptOutput(text)).toEqual(expected);
});

test('messages of cargo, with package ids of all forms', () => {
  const artifact = (id: string) => JSON.stringify({
    reason: 'compiler-artifact',
    package_id: id,
    manifest_path: '/in/p/Cargo.toml',
    target: { name: 't', kind: ['bin'] },
    filenames: ['/in/t/t'],
  });
  const { units, scripts } = parseMessages([
    artifact('path+file:///in/p#0.1.0'), artifact('path+file:///in/p#other@0.2.0'), artifact('old 0.3.0 (path+file:///in/p)'),
    artifact('registry+https://github.com/rust-lang/crates.io-index#itoa@1.0.0'), 'not json',
    JSON.stringify({ reason: 'build-script-executed', package_id: 'path+file:///in/p#0.1.0', out_dir: '/in/t/out', env: [['A', '1']] }),
  ].join('\n'), (path) => path.replace('/in', '/out'));
  expect(units.map(({ packageName, packageVersion, isLocal }) => [packageName, packageVersion, isLocal])).toEqual(
    [['p', '0.1.0', true], ['other', '0.2.0', true], ['old', '0.3.0', true], ['itoa', '1.0.0', false]]);
  expect(units[0]).toMatchObject({ root: '/out/p', files: ['/out/t/t'], isBin: true });
  expect(scripts).toEqual([{ packageName: 'p', packageVersion: '0.1.0', isLocal: true, outDir: '/out/t/out', sets: ['A'] }]);
});
