using System.Text;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>The functions on texts.</summary>
internal static class TextFunctions
{
    private static readonly GoSignature OneText = GoSignature.Of(GoType.String, GoType.String);
    private static readonly GoSignature TwoTexts = GoSignature.Of(GoType.String, GoType.String, GoType.String);
    private static readonly GoSignature IsText = GoSignature.Of(GoType.Bool, GoType.String, GoType.String);
    private static readonly GoSignature Position = GoSignature.Of(GoType.Int, GoType.String, GoType.String);
    private static readonly GoSignature Parts = GoSignature.Of(GoType.Strings, GoType.String, GoType.String);
    private static readonly GoSignature SomeParts = GoSignature.Of(GoType.Strings, GoType.String, GoType.String, GoType.Int);

    public static IEnumerable<Builtin> All { get; } =
    [
        new("trim", (a, run) => run.Made(Trim(Read(a, run), a.Length == 1 ? null : Text(a, 1)))) { Overloads = [OneText, TwoTexts] },
        new("trimPrefix", (a, run) => run.Made(TrimPrefix(Text(a, 0), a.Length == 2 ? Text(a, 1) : " ")))
        {
            Overloads = [TwoTexts, OneText],
        },
        new("trimSuffix", (a, run) => run.Made(TrimSuffix(Text(a, 0), a.Length == 2 ? Text(a, 1) : " ")))
        {
            Overloads = [TwoTexts, OneText],
        },
        new("upper", (a, run) => run.Made(Map(Read(a, run), ToUpper))) { Overloads = [OneText] },
        new("lower", (a, run) => run.Made(Map(Read(a, run), ToLower))) { Overloads = [OneText] },
        new("split", (a, run) => Split(a, run, keepsSeparator: false)) { Overloads = [Parts, SomeParts] },
        new("splitAfter", (a, run) => Split(a, run, keepsSeparator: true)) { Overloads = [Parts, SomeParts] },
        new("replace", Replace)
        {
            Overloads =
            [
                GoSignature.Of(GoType.String, GoType.String, GoType.String, GoType.String, GoType.Int),
                GoSignature.Of(GoType.String, GoType.String, GoType.String, GoType.String),
            ],
        },
        new("repeat", Repeat) { Overloads = [GoSignature.Of(GoType.String, GoType.String, GoType.Int)] },
        new("join", Join)
        {
            Overloads =
            [
                GoSignature.Of(GoType.String, GoType.Anys, GoType.String),
                GoSignature.Of(GoType.String, GoType.Anys),
                GoSignature.Of(GoType.String, GoType.Strings, GoType.String),
                GoSignature.Of(GoType.String, GoType.Strings),
            ],
        },
        new("indexOf", (a, run) => GoValues.Box((long)Text(a, 0).IndexOf(Text(a, 1), StringComparison.Ordinal)))
        {
            Overloads = [Position],
        },
        new("lastIndexOf", (a, run) => GoValues.Box((long)LastIndex(Text(a, 0), Text(a, 1)))) { Overloads = [Position] },
        new("hasPrefix", (a, run) => GoValues.Box(Text(a, 0).StartsWith(Text(a, 1), StringComparison.Ordinal)))
        {
            Overloads = [IsText],
        },
        new("hasSuffix", (a, run) => GoValues.Box(Text(a, 0).EndsWith(Text(a, 1), StringComparison.Ordinal)))
        {
            Overloads = [IsText],
        },
    ];

    private static string Text(object?[] arguments, int index) => GoValues.ToText(arguments[index]);

    /// <summary>The first argument, of which each character is looked at by itself.</summary>
    private static string Read(object?[] arguments, IRun run)
    {
        var text = Text(arguments, 0);
        run.Step(2 * text.Length);
        return text;
    }

    private static string Trim(string text, string? characters)
    {
        var runes = GoText.Runes(text).ToList();
        var unwanted = characters is null ? null : GoText.Runes(characters).ToHashSet();
        bool IsUnwanted(Rune rune) => unwanted?.Contains(rune) ?? Rune.IsWhiteSpace(rune);

        var first = runes.FindIndex(rune => !IsUnwanted(rune));
        var last = runes.FindLastIndex(rune => !IsUnwanted(rune));
        return first < 0 ? "" : string.Concat(runes[first..(last + 1)].Select(GoText.FromRune));
    }

    private static string TrimPrefix(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    private static string TrimSuffix(string text, string suffix) =>
        text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;

    private static string Map(string text, Func<Rune, Rune> map) =>
        string.Concat(GoText.Runes(text).Select(rune => GoText.FromRune(map(rune))));

    // .NET leaves these alone, whose other case is a letter of ASCII.
    private static Rune ToUpper(Rune rune) => rune.Value switch
    {
        'ı' => new Rune('I'),
        'ſ' => new Rune('S'),
        _ => Rune.ToUpperInvariant(rune),
    };

    private static Rune ToLower(Rune rune) => rune.Value == 'İ' ? new Rune('i') : Rune.ToLowerInvariant(rune);

    private static int LastIndex(string text, string part) =>
        part.Length == 0 ? text.Length : text.LastIndexOf(part, StringComparison.Ordinal);

    private static GoSlice Split(object?[] arguments, IRun run, bool keepsSeparator)
    {
        var (text, separator) = (Text(arguments, 0), Text(arguments, 1));
        var most = arguments.Length == 3 ? GoValues.ToInt(arguments[2]) : -1;
        if (most == 0)
        {
            return GoSlice.Nil(GoType.Strings);
        }

        run.Step(2 * text.Length);
        return GoSlice.OfTexts(Pieces(text, separator, most < 0 ? long.MaxValue : most, keepsSeparator));
    }

    private static IEnumerable<string> Pieces(string text, string separator, long most, bool keepsSeparator)
    {
        var from = 0;
        if (separator.Length == 0)
        {
            // Between characters, so that there is no empty piece at the end.
            for (long count = 1; from < text.Length; count++)
            {
                GoText.RuneAt(text, from, out var length);
                var end = count == most ? text.Length : from + length;
                yield return text[from..end];
                from = end;
            }

            yield break;
        }

        for (long count = 1; count < most; count++)
        {
            var at = text.IndexOf(separator, from, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            yield return text[from..(keepsSeparator ? at + separator.Length : at)];
            from = at + separator.Length;
        }

        yield return text[from..];
    }

    private static string Replace(object?[] arguments, IRun run)
    {
        var (text, old, replacement) = (Text(arguments, 0), Text(arguments, 1), Text(arguments, 2));
        var most = arguments.Length == 4 ? GoValues.ToInt(arguments[3]) : -1;
        if (old == replacement || most == 0)
        {
            return text;
        }

        // Known before anything is made: a replacement for each character can be a thousand times the text.
        var places = old.Length == 0 ? text.Length + 1 : text.Length / old.Length;
        run.Step(text.Length + (Math.Min(places, most < 0 ? places : most) * (long)replacement.Length));
        var pieces = Pieces(text, old, most < 0 ? long.MaxValue : most == long.MaxValue ? most : most + 1, keepsSeparator: false);
        if (old.Length == 0)
        {
            // Nothing stands before the first character and after the last one too.
            return run.Made(Interleave(text, replacement, most < 0 ? long.MaxValue : most));
        }

        return run.Made(string.Join(replacement, pieces));
    }

    private static string Interleave(string text, string replacement, long most)
    {
        var result = new StringBuilder();
        var at = 0;
        for (long count = 0; count < most; count++)
        {
            result.Append(replacement);
            if (at == text.Length)
            {
                break;
            }

            GoText.RuneAt(text, at, out var length);
            result.Append(text, at, length);
            at += length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static string Repeat(object?[] arguments, IRun run)
    {
        var (text, count) = (Text(arguments, 0), GoValues.ToInt(arguments[1]));
        if (count < 0)
        {
            throw new EvaluationFailure($"invalid argument for repeat (expected positive integer, got {count})");
        }

        // A million copies of nothing are refused too, as expr-lang does it.
        if (count > 1_000_000)
        {
            throw new EvaluationFailure("memory budget exceeded");
        }

        run.Grow(text.Length * count);
        return new StringBuilder().Insert(0, text, (int)count).ToString();
    }

    private static string Join(object?[] arguments, IRun run)
    {
        var glue = arguments.Length == 2 ? Text(arguments, 1) : "";
        if (arguments[0] is not GoSlice slice || (slice.Type != GoType.Anys && slice.Type != GoType.Strings))
        {
            throw new EvaluationFailure($"invalid argument for join (type {GoValues.NameOfType(arguments[0])})");
        }

        var texts = slice.Items.Select(GoValues.ToText).ToList();
        run.Step(texts.Sum(text => (long)text.Length) + ((long)glue.Length * texts.Count));
        return run.Made(string.Join(glue, texts));
    }
}
