type Resolvers<Value> = {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value | PromiseLike<Value>) => void;
  readonly reject: (reason?: unknown) => void;
};
type Constructor = { withResolvers?: <Value>() => Resolvers<Value> };

/** Ink needs Promise.withResolvers, which Node 20 does not have. */
(Promise as Constructor).withResolvers ??= <Value>() => {
  let resolve: Resolvers<Value>['resolve'] = () => {};
  let reject: Resolvers<Value>['reject'] = () => {};
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
};
