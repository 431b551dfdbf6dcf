import { Construct } from 'constructs';

/** Import an existing resource, once per scope even if several servers use it. */
export function reference<T>(scope: Construct, name: string, make: (id: string) => T): T {
  // The CDK treats a slash in an id as a separator.
  const id = name.replace(/\//g, '-');
  return scope.node.tryFindChild(id) as T | undefined ?? make(id);
}
