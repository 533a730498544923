const english = `a about above after again all also am an and any are as at be been before being below between both but by can
could did do does doing down during each few for from further had has have having he her here hers him his how i if in
into is it its itself just me more most my no nor not now of off on once only or other our ours out over own per same
she should so some such than that the their theirs them then there these they this those through to too under until up
very was we were what when where which while who whom why will with you your yours`;

const chinese = `的 了 和 与 及 或 是 在 有 也 都 而 就 不 我 你 他 她 它 我们 你们 他们 这 那 这个 那个 之 其 等 把 被 让 给 对 从
到 向 于 为 以 因 但 并 且 很 更 最 还 又 再 只 可 可以 能 会 要 将 用 个 一个 一些 一种 各 每 本 该 此 啊 吗 呢 吧 着 过`;

/** English and Chinese words too common to indicate the topic of a text. */
export const stopWords: ReadonlySet<string> = new Set(`${english} ${chinese}`.split(/\s+/));
