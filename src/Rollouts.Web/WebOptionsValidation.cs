using System.Security.Cryptography;
using Rollouts.Outbound;

namespace Rollouts.Web;

/// <summary>Checks of <see cref="WebOptions"/>, made once at start.</summary>
public static class WebOptionsValidation
{
    /// <summary>Everything that is wrong, each naming its setting; empty when all is well.</summary>
    public static IReadOnlyList<string> Validate(WebOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        var seen = new HashSet<Uri>();
        for (int i = 0; i < options.Addresses.Count; i++)
        {
            string setting = $"Web:Addresses:{i}";
            WebAddress address = options.Addresses[i];
            string shown = AddressForm.Show(address.Address ?? "");
            if (!AddressForm.TryRead(address.Address ?? "", out Uri? uri, out string? problem))
            {
                problems.Add($"{setting}:Address: '{shown}' can't be used: {problem}");
            }
            else if (!seen.Add(uri))
            {
                problems.Add($"{setting}:Address: '{shown}' is listed twice");
            }

            if (address.CaFile is { } file && AuthorityProblem(file, uri) is { } wrong)
            {
                problems.Add($"{setting}:CaFile: {wrong}");
            }
        }

        problems.AddRange(TokenAddresses.Check(options.TokenAddresses, "Web:TokenAddresses"));
        return problems;
    }

    private static string? AuthorityProblem(string file, Uri? uri)
    {
        if (uri is not null && uri.Scheme != Uri.UriSchemeHttps)
        {
            return "goes with an https address";
        }

        if (!File.Exists(file))
        {
            return $"there is no file '{file}'";
        }

        try
        {
            CertificateAuthorities.Read(file);
            return null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"'{file}' can't be read: {e.Message}";
        }
    }
}
