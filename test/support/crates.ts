import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes files below a folder, by their relative paths. */
export function writeFiles(folder: string, files: { [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A Cargo.toml of a package that needs nothing from a registry. */
export function manifest(name: string, rest = ''): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${rest}`;
}

/**
 * The main.rs of a Lambda function without dependencies: it answers each event with `answer` (a Rust expression of a string) and the event itself;
 * behind an HTTP API, the answer is the body.
 */
export function server(answer: string, items = ''): string {
  return `${items}
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

fn call(api: &str, request: String) -> (String, String) {
    let mut stream = TcpStream::connect(api).expect("the runtime API answers");
    stream.write_all(request.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let (mut id, mut length, mut line) = (String::new(), 0, String::new());
    while reader.read_line(&mut line).unwrap() > 2 {
        if let Some((name, value)) = line.split_once(": ") {
            match name.to_ascii_lowercase().as_str() {
                "lambda-runtime-aws-request-id" => id = value.trim().to_string(),
                "content-length" => length = value.trim().parse().unwrap(),
                _ => {}
            }
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (id, String::from_utf8(body).unwrap())
}

fn main() {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API").expect("runs in Lambda");
    loop {
        let (id, event) = call(&api, format!("GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nhost: {api}\\r\\nconnection: close\\r\\n\\r\\n"));
        let answer: String = (${answer}).to_string();
        let body = format!("{{\\"statusCode\\":200,\\"body\\":{answer:?},\\"answer\\":{answer:?},\\"event\\":{event}}}");
        call(&api, format!(
            "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\\r\\nhost: {api}\\r\\nconnection: close\\r\\ncontent-length: {}\\r\\n\\r\\n{body}",
            body.len(),
        ));
    }
}
`;
}

/** A workspace of servers that share a library. */
export function serversWorkspace(folder: string, names: string[]): void {
  writeFiles(folder, {
    'Cargo.toml': '[workspace]\nmembers = ["servers/*", "shared"]\nresolver = "2"\n',
    'shared/Cargo.toml': manifest('shared'),
    'shared/src/lib.rs': 'pub fn greeting() -> &\'static str { "hello" }\n',
  });
  for (const name of names) {
    writeFiles(folder, {
      [`servers/${name}/Cargo.toml`]: manifest(name, '[dependencies]\nshared = { path = "../../shared" }\n'),
      [`servers/${name}/src/main.rs`]: server(`format!("{} from ${name}", shared::greeting())`),
    });
  }
}
