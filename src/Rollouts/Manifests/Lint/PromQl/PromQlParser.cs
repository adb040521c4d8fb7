using System.Collections.Frozen;
using Rollouts.Analysis.Arguments;

namespace Rollouts.Manifests.Lint.PromQl;

/// <summary>
/// Parses PromQL as far as a rule needs to know it (grammar: <c>promql/parser/generated_parser.y</c> of Prometheus). Whether Prometheus would take the
/// query is not decided here: what can't be parsed is not linted.
/// </summary>
internal sealed class PromQlParser
{
    // Beyond these a query is not linted; recursion goes as deep as operators and brackets do.
    private const int MostTokens = 2_000;
    private const int MostNesting = 64;

    private const int UnaryBinding = 5;

    private static readonly FrozenDictionary<string, int> Binary = new Dictionary<string, int>
    {
        ["or"] = 1,
        ["and"] = 2,
        ["unless"] = 2,
        ["=="] = 3,
        ["!="] = 3,
        ["<="] = 3,
        ["<"] = 3,
        [">="] = 3,
        [">"] = 3,
        ["+"] = 4,
        ["-"] = 4,
        ["*"] = 5,
        ["/"] = 5,
        ["%"] = 5,
        ["atan2"] = 5,
        ["^"] = 6,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Aggregations = new[]
    {
        "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio",
    }.ToFrozenSet();

    private readonly TokenReader tokens;
    private int nesting;

    private PromQlParser(TokenReader tokens) => this.tokens = tokens;

    /// <summary>The query; null when it can't be parsed.</summary>
    /// <param name="text">The query, with something in the place of arguments without a value.</param>
    /// <param name="open">Where those stand.</param>
    public static PromQlNode? Parse(string text, IReadOnlyList<Range> open)
    {
        if (!PromQlLexer.TryRead(text, out IReadOnlyList<Token> tokens, out _) || tokens.Count is 0 or > MostTokens)
            return null;
        var reader = new TokenReader(text, [.. tokens.Where(t => t.Kind != TokenKind.Comment)], open);
        try
        {
            PromQlNode node = new PromQlParser(reader).Expression(0);
            return reader.IsAtEnd ? node : null;
        }
        catch (NotParsedException)
        {
            return null;
        }
    }

    private PromQlNode Expression(int least)
    {
        if (++nesting > MostNesting)
            throw new NotParsedException();
        PromQlNode left = Signed();
        while (Binary.TryGetValue(tokens.Word, out int binding) && binding >= least)
        {
            (int at, string symbol) = (tokens.At, tokens.Take());
            Modifiers();
            left = new BinaryNode(at, symbol, left, Expression(symbol == "^" ? binding : binding + 1));
        }

        nesting--;
        return left;
    }

    private PromQlNode Signed()
    {
        int at = tokens.At;
        if (tokens.TryTake("-"))
            return new SignedNode(at, true, Expression(UnaryBinding + 1));
        return tokens.TryTake("+") ? new SignedNode(at, false, Expression(UnaryBinding + 1)) : Windowed(Primary());
    }

    private void Modifiers()
    {
        tokens.TryTake("bool");
        if (tokens.TryTake("on") || tokens.TryTake("ignoring"))
        {
            Labels();
            if ((tokens.TryTake("group_left") || tokens.TryTake("group_right")) && tokens.Word == "(")
                Labels();
        }

        while (tokens.TryTake("fill") || tokens.TryTake("fill_left") || tokens.TryTake("fill_right"))
        {
            tokens.Require("(");
            Expression(0);
            tokens.Require(")");
        }
    }

    private PromQlNode Primary()
    {
        int at = tokens.At;
        if (tokens.TryTake("("))
        {
            PromQlNode inner = Expression(0);
            tokens.Require(")");
            return inner;
        }

        if (tokens.Word == "{")
            return Selector(at, "");
        switch (tokens.Kind)
        {
            case TokenKind.Literal or TokenKind.Duration:
                return new NumberNode(at, tokens.TakeNumber());
            case TokenKind.String:
                return new TextNode(at, tokens.TakeString(out _));
            case TokenKind.Identifier or TokenKind.Keyword:
                string name = tokens.Take();
                return Aggregations.Contains(name.ToLowerInvariant()) && tokens.Word is "(" or "by" or "without" ? Aggregation(at, name.ToLowerInvariant())
                    : tokens.Word == "(" ? new CallNode(at, name, Arguments())
                    : Selector(at, name);
            default:
                throw new NotParsedException();
        }
    }

    private AggregationNode Aggregation(int at, string symbol)
    {
        Grouping? grouping = Grouped();
        IReadOnlyList<PromQlNode> arguments = Arguments();
        return new AggregationNode(at, symbol, grouping ?? Grouped(), arguments);
    }

    private Grouping? Grouped() =>
        tokens.TryTake("by") ? new Grouping(false, Labels())
        : tokens.TryTake("without") ? new Grouping(true, Labels())
        : null;

    private List<PromQlNode> Arguments()
    {
        var arguments = new List<PromQlNode>();
        tokens.Require("(");
        while (!tokens.TryTake(")"))
        {
            arguments.Add(Expression(0));
            if (tokens.Word != ")")
                tokens.Require(",");
        }

        return arguments;
    }

    private List<string> Labels()
    {
        var labels = new List<string>();
        tokens.Require("(");
        while (!tokens.TryTake(")"))
        {
            labels.Add(tokens.Kind == TokenKind.String ? tokens.TakeString(out _) : tokens.Take());
            if (tokens.Word != ")")
                tokens.Require(",");
        }

        return labels;
    }

    private SelectorNode Selector(int at, string name)
    {
        var matchers = new List<LabelMatcher>();
        if (tokens.TryTake("{"))
        {
            while (!tokens.TryTake("}"))
            {
                string label = tokens.Kind == TokenKind.String ? tokens.TakeString(out _) : tokens.Take();
                if (tokens.Word is "=" or "!=" or "=~" or "!~")
                    matchers.Add(new LabelMatcher(label, tokens.Take(), tokens.TakeString(out bool isOpen), isOpen));
                else
                    name = label;
                if (tokens.Word != "}")
                    tokens.Require(",");
            }
        }

        return new SelectorNode(at, name, matchers, null);
    }

    private PromQlNode Windowed(PromQlNode node)
    {
        while (true)
        {
            if (tokens.TryTake("["))
            {
                var window = new Window(tokens.TakeLength());
                bool isSubquery = false;
                while (!tokens.TryTake("]"))
                {
                    isSubquery = true;
                    tokens.Take();
                }

                node = node is SelectorNode { Window: null } selector && !isSubquery ? selector with { Window = window } : new SubqueryNode(node.At, node, window);
            }
            else if (tokens.TryTake("offset"))
            {
                tokens.TryTake("-");
                tokens.Take();
            }
            else if (tokens.TryTake("@"))
            {
                tokens.TryTake("-");
                tokens.Take();
                if (tokens.TryTake("("))
                    tokens.Require(")");
            }
            else
            {
                return node;
            }
        }
    }
}
