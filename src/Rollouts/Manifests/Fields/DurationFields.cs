using System.Globalization;
using Rollouts.Manifests.Documents;

namespace Rollouts.Manifests.Fields;

/// <summary>Reads durations in the form that Argo gives to <c>pause.duration</c>.</summary>
internal static class DurationFields
{
    private const string Allowed = "whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m";

    /// <summary>A number, or a text that is one, is seconds; another text is a Go duration. At most 2^31 - 1 seconds, as in Argo.</summary>
    /// <param name="reader">Whose field.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="orElse">What else the field may be, for a message.</param>
    public static TimeSpan? Duration(this FieldReader reader, string field, string orElse = "")
    {
        if (reader.Scalar(field, Allowed + orElse) is not { } scalar)
            return null;
        TimeSpan? duration = scalar.Kind switch
        {
            ScalarKind.Integer or ScalarKind.Float when PlainScalar.TryWhole(scalar.Text, out long seconds) && Math.Abs(seconds) <= int.MaxValue => TimeSpan.FromSeconds(seconds),
            ScalarKind.Text when int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seconds) => TimeSpan.FromSeconds(seconds),
            ScalarKind.Text when GoDuration.TryParse(scalar.Text, out TimeSpan parsed) => parsed,
            _ => null,
        };
        if (duration is null || duration.Value.TotalSeconds > int.MaxValue)
        {
            reader.Problems.Error(reader.At(field), $"must be {Allowed}{orElse}; found {scalar.Description}");
            return null;
        }

        if (duration < TimeSpan.Zero)
        {
            reader.Problems.Error(reader.At(field), $"Duration needs to be greater than 0; found {scalar.Description}");
            return null;
        }

        return duration;
    }
}
