using Rollouts.Manifests.Documents;

namespace Rollouts.Manifests.Fields;

/// <summary>Reads single values with the types that Kubernetes would insist on.</summary>
internal static class ElementValues
{
    public static ScalarNode? AsScalar(this Element element, string allowed, ProblemList problems)
    {
        if (element.Node is ScalarNode { Kind: not ScalarKind.Null } scalar)
            return scalar;
        problems.Error(element.Place, $"must be {allowed}; found {element.Node.Description}");
        return null;
    }

    public static string? AsText(this Element element, ProblemList problems)
    {
        switch (element.Node)
        {
            case ScalarNode { Kind: ScalarKind.Text } scalar:
                return scalar.Text;
            case ScalarNode { Kind: not ScalarKind.Null } scalar:
                problems.Error(element.Place, $"must be a text; {Shown.Plain(scalar.Text)} is read as {Kind(scalar)}, so put it in quotes: \"{Shown.Plain(scalar.Text)}\"");
                return null;
            case MappingNode mapping when mapping.Entries is [{ Value: ScalarNode or MappingNode }] && mapping.Entries[0].Line == mapping.Line:
                problems.Error(element.Place, "must be a text; found an object (put a text that begins with { or holds \": \" in quotes)");
                return null;
            default:
                problems.Error(element.Place, $"must be a text; found {element.Node.Description}");
                return null;
        }
    }

    public static long? AsInteger(this Element element, long least, long most, ProblemList problems)
    {
        if (element.Node is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Float } scalar
            && PlainScalar.TryWhole(scalar.Text, out long value)
            && value >= least
            && value <= most)
        {
            return value;
        }

        string hint = element.Node is ScalarNode { Kind: ScalarKind.Text } text && PlainScalar.TryWhole(text.Text, out _) ? " (remove the quotes)" : "";
        string range = most == int.MaxValue ? $"of {least} or more" : $"from {least} to {most}";
        problems.Error(element.Place, $"must be a whole number {range}; found {element.Node.Description}{hint}");
        return null;
    }

    private static string Kind(ScalarNode scalar) => scalar.Kind == ScalarKind.Boolean ? "a boolean" : "a number";
}
