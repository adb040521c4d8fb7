using Rollouts.Manifests.Documents;

namespace Rollouts.Manifests.Fields;

/// <summary>Reads fields that hold one of a few words.</summary>
internal static class ChoiceFields
{
    public static T? Choice<T>(this FieldReader reader, string field, (string Name, T Value)[] choices)
        where T : struct
    {
        string allowed = string.Join(", ", choices.SkipLast(1).Select(c => c.Name)) + " or " + choices[^1].Name;
        if (reader.Scalar(field, allowed) is not { } scalar)
            return null;
        foreach ((string name, T value) in choices)
        {
            if (scalar.Kind == ScalarKind.Text && scalar.Text == name)
                return value;
        }

        reader.Problems.Error(reader.At(field), $"must be {allowed}; found {scalar.Description}");
        return null;
    }
}
