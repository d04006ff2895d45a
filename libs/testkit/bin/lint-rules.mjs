// Rules of our own for oxlint, where it has none: see .oxlintrc.json.

/** `new Date()` and `Date()` read the wall clock as `Date.now()` does, and are refused with it. */
const noDateOfNow = {
  meta: { type: 'problem' },
  create(context) {
    const check = (node) => {
      const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
      if (!isDate || node.arguments.length > 0) return;
      context.report({ node, message: 'This reads the wall clock. Take `now` as a value.' });
    };
    return { NewExpression: check, CallExpression: check };
  },
};

const plugin = { meta: { name: 'petit' }, rules: { 'no-date-of-now': noDateOfNow } };
// oxlint loads a plugin by its default export.
// oxlint-disable-next-line import/no-default-export
export default plugin;
