namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>The kinds of token; keywords such as <c>in</c> and <c>let</c> are operators, as expr-lang has them.</summary>
internal enum TokenKind
{
    Identifier,
    Number,
    String,
    RawString,
    Bytes,

    /// <summary>The current element of a predicate, with the name that follows it at once.</summary>
    Pointer,
    Operator,
    Bracket,

    /// <summary>What begins no token; the parser says why.</summary>
    Unknown,
}
