using System.Globalization;
using System.Text.RegularExpressions;

namespace Rollouts.Sandbox.Ingress;

/// <summary>The canary annotations of one ingress, read as ingress-nginx reads them.</summary>
/// <param name="Header">Header that decides first; null: no header rule.</param>
/// <param name="HeaderValue">Exact, case-sensitive value of <paramref name="Header"/>; null: <c>always</c> and <c>never</c> decide.</param>
/// <param name="HeaderPattern">PCRE that the header's value is searched with; null when <paramref name="HeaderValue"/> is given.</param>
/// <param name="Cookie">Cookie whose value <c>always</c> or <c>never</c> decides second; null: no cookie rule.</param>
/// <param name="Weight">Share of the remaining requests, out of <paramref name="WeightTotal"/>; what is no integer counts as 0.</param>
/// <param name="WeightTotal">100 unless the annotation holds more: a smaller total is not honoured.</param>
public sealed partial record CanaryAnnotations(
    string? Header, string? HeaderValue, string? HeaderPattern, string? Cookie, int Weight, int WeightTotal)
{
    public const string Prefix = "nginx.ingress.kubernetes.io/";

    private static readonly string[] True = ["1", "t", "T", "TRUE", "true", "True"];

    /// <summary>Whether the ingress is a canary. Without it every other canary annotation is without effect.</summary>
    public static bool Enabled(IDictionary<string, string>? annotations) => True.Contains(Text(annotations, "canary"));

    public static CanaryAnnotations Read(IDictionary<string, string>? annotations)
    {
        var header = Name(annotations, "canary-by-header");
        var value = header is null ? null : Text(annotations, "canary-by-header-value");
        return new(
            header,
            value,
            header is null || value is not null ? null : Text(annotations, "canary-by-header-pattern"),
            Name(annotations, "canary-by-cookie"),
            Math.Max(0, Integer(annotations, "canary-weight") ?? 0),
            Math.Max(100, Integer(annotations, "canary-weight-total") ?? 100));
    }

    private static string? Text(IDictionary<string, string>? annotations, string name) =>
        annotations is not null && annotations.TryGetValue(Prefix + name, out var value) && value.Trim() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>A header or cookie name; one with other characters counts as not given, as ingress-nginx has it.</summary>
    private static string? Name(IDictionary<string, string>? annotations, string name) =>
        Text(annotations, name) is { } text && PlainName().IsMatch(text) ? text : null;

    private static int? Integer(IDictionary<string, string>? annotations, string name) =>
        int.TryParse(Text(annotations, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z")]
    private static partial Regex PlainName();
}
