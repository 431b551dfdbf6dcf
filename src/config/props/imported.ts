import { Construct } from 'constructs';

/** The reference to something that exists, made once in a scope however many servers use it. */
export function reference<T>(scope: Construct, name: string, make: (id: string) => T): T {
  // A slash in an id would be taken for a level of the tree.
  const id = name.replace(/\//g, '-');
  return scope.node.tryFindChild(id) as T | undefined ?? make(id);
}
