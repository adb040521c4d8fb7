using System.Text.RegularExpressions;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>Which names the API takes; each method gives the real server's words for what is wrong, or null.</summary>
internal static partial class Names
{
    public static string? SubdomainProblem(string name) => name.Length > 253
        ? "must be no more than 253 characters"
        : Subdomain().IsMatch(name)
            ? null
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    /// <summary>Namespaces.</summary>
    public static string? LabelProblem(string name) => name.Length > 63
        ? "must be no more than 63 characters"
        : Label().IsMatch(name)
            ? null
            : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>Services.</summary>
    public static string? ServiceNameProblem(string name) => name.Length > 63
        ? "must be no more than 63 characters"
        : ServiceName().IsMatch(name)
            ? null
            : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>Keys of labels and annotations.</summary>
    public static string? KeyProblem(string key)
    {
        var slash = key.LastIndexOf('/');
        if (slash >= 0 && SubdomainProblem(key[..slash]) is { } prefix)
        {
            return "prefix part " + prefix;
        }

        return LabelText().IsMatch(key[(slash + 1)..])
            ? null
            : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    }

    public static string? LabelValueProblem(string value) => value.Length == 0 || LabelText().IsMatch(value)
        ? null
        : value.Length > 63
            ? "must be no more than 63 characters"
            : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex ServiceName();

    [GeneratedRegex("^(?=.{1,63}$)([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$")]
    private static partial Regex LabelText();
}
