using System.Text.RegularExpressions;
using Rollouts.Manifests.Checks;

namespace Rollouts.Manifests.Kinds;

/// <summary>Names of HTTP headers that a query may have.</summary>
internal static partial class HeaderName
{
    /// <summary>What is wrong with a header's name; null when nothing is. A credential needs an argument, whose value comes from a secret.</summary>
    public static string? Problem(string key, string value)
    {
        if (!Form().IsMatch(key))
            return $"{Shown.Text(key)} is no header name";
        return CredentialChecks.IsCredential(key) && !value.Contains("{{", StringComparison.Ordinal)
            ? $"{key} carries a credential, which must not stand in a manifest: declare an argument with valueFrom.secretKeyRef and write {{{{args.NAME}}}} as the value"
            : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
