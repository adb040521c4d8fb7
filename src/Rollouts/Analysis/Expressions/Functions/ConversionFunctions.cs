using System.Buffers.Text;
using Rollouts.Analysis.Expressions.Times;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>type, string, and the readers and writers of JSON and Base64.</summary>
internal static class ConversionFunctions
{
    private const int ParserCost = 40;

    private static readonly GoSignature TextOfAny = GoSignature.Of(GoType.String, GoType.Any);
    private static readonly GoSignature TextOfText = GoSignature.Of(GoType.String, GoType.String);

    public static IEnumerable<Builtin> All { get; } =
    [
        new("type", (a, _) => TypeName(a[0])) { Overloads = [TextOfAny] },
        new("string", (a, run) => run.Made(GoFormat.Text(a[0], run))) { Overloads = [TextOfAny] },
        new("toJSON", (a, run) => run.Made(GoJson.Write(a[0], run))) { Overloads = [TextOfAny] },
        new("fromJSON", (a, run) => Parse(GoValues.ToText(a[0]), run))
        {
            Overloads = [GoSignature.Of(GoType.Any, GoType.String)],
        },
        new("toBase64", (a, run) => run.Made(Convert.ToBase64String(GoText.ToBytes(GoValues.ToText(a[0])))))
        {
            Overloads = [TextOfText],
        },
        new("fromBase64", (a, run) => run.Made(Decode(GoValues.ToText(a[0]), run))) { Overloads = [TextOfText] },
    ];

    private static string TypeName(object? value) => value switch
    {
        null => "nil",
        bool => "bool",
        long or GoInt64 => "int",
        byte => "uint",
        double => "float",
        string => "string",
        GoSlice => "array",
        GoMap => "map",
        GoFunction => "func",
        GoZone => "time.Location",
        _ => GoValues.NameOfType(value),
    };

    private static object? Parse(string text, IRun run)
    {
        run.Step(ParserCost + (2 * text.Length));
        return GoJson.Read(text);
    }

    private static string Decode(string text, IRun run)
    {
        run.Step(text.Length);

        // Go passes over line ends, and over no other white space.
        var encoded = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        if (encoded.AsSpan().ContainsAny(" \t") || !Base64.IsValid(encoded))
        {
            throw new EvaluationFailure("illegal base64 data");
        }

        return GoText.FromBytes(Convert.FromBase64String(encoded));
    }
}
