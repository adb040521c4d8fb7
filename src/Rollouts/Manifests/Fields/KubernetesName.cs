using System.Text.RegularExpressions;

namespace Rollouts.Manifests.Fields;

/// <summary>The forms that Kubernetes gives to names.</summary>
internal static partial class KubernetesName
{
    /// <summary>Reads a field that names an object (DNS-1123 subdomain).</summary>
    public static string? ObjectName(this FieldReader reader, string field) =>
        Check(reader.Given(field), Subdomain(), 253, "a DNS-1123 subdomain: lower-case letters, digits, - and ., at most 253", reader.Problems);

    /// <summary>Reads a field that names a namespace or a service (DNS-1123 label).</summary>
    public static string? LabelName(this FieldReader reader, string field) =>
        Check(reader.Given(field), Label(), 63, "a DNS-1123 label: lower-case letters, digits and -, at most 63", reader.Problems);

    /// <summary>Checks an item of a list that names an object.</summary>
    public static string? ObjectName(this Element element, ProblemList problems) =>
        Check(element, Subdomain(), 253, "a DNS-1123 subdomain: lower-case letters, digits, - and ., at most 253", problems);

    private static string? Check(Element? element, Regex form, int longest, string allowed, ProblemList problems)
    {
        if (element?.AsText(problems) is not { } name)
            return null;
        if (name.Length <= longest && form.IsMatch(name))
            return name;
        problems.Error(element.Place, $"{Shown.Text(name)} is no name that Kubernetes takes; it must be {allowed} characters, beginning and ending with a letter or digit");
        return null;
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Label();
}
