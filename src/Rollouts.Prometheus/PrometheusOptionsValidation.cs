using System.Security.Cryptography;
using Rollouts.Outbound;

namespace Rollouts.Prometheus;

/// <summary>Checks of <see cref="PrometheusOptions"/>, made once at start.</summary>
public static class PrometheusOptionsValidation
{
    /// <summary>Everything that is wrong, each naming its setting; empty when all is well.</summary>
    public static IReadOnlyList<string> Validate(PrometheusOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        var seen = new HashSet<Uri>();
        for (int i = 0; i < options.Addresses.Count; i++)
        {
            string setting = $"Prometheus:Addresses:{i}";
            PrometheusAddress address = options.Addresses[i];
            if (!AddressForm.TryRead(address.Address ?? "", out Uri? uri, out string? problem))
            {
                problems.Add($"{setting}:Address: '{AddressForm.Show(address.Address ?? "")}' can't be used: {problem}");
            }
            else if (!seen.Add(uri))
            {
                problems.Add($"{setting}:Address: '{address}' is listed twice");
            }

            CheckCredentials(setting, address, problems);
            CheckAuthority(setting, address, uri, problems);
        }

        if (options.DefaultAddress is not null && AllowedAddresses.Find(seen, options.DefaultAddress) is null)
        {
            problems.Add($"Prometheus:DefaultAddress: '{AddressForm.Show(options.DefaultAddress)}' is not among Prometheus:Addresses");
        }

        problems.AddRange(TokenAddresses.Check(options.TokenAddresses, "Prometheus:TokenAddresses"));
        return problems;
    }

    private static void CheckCredentials(string setting, PrometheusAddress address, List<string> problems)
    {
        if (address.BasicAuth is { } basic)
        {
            if (string.IsNullOrEmpty(basic.Username) || basic.Username.Contains(':', StringComparison.Ordinal))
            {
                problems.Add($"{setting}:BasicAuth:Username: must be given and hold no colon");
            }

            if (basic.Password is null == basic.PasswordFile is null)
            {
                problems.Add($"{setting}:BasicAuth: needs either Password or PasswordFile");
            }

            CheckFile($"{setting}:BasicAuth:PasswordFile", basic.PasswordFile, problems);
        }

        int kinds = (address.BasicAuth is null ? 0 : 1) + (address.BearerToken is null ? 0 : 1) + (address.BearerTokenFile is null ? 0 : 1);
        if (kinds > 1)
        {
            problems.Add($"{setting}: takes one of BasicAuth, BearerToken and BearerTokenFile");
        }

        CheckFile($"{setting}:BearerTokenFile", address.BearerTokenFile, problems);
    }

    private static void CheckFile(string setting, string? file, List<string> problems)
    {
        if (file is not null && !File.Exists(file))
        {
            problems.Add($"{setting}: there is no file '{file}'");
        }
    }

    private static void CheckAuthority(string setting, PrometheusAddress address, Uri? uri, List<string> problems)
    {
        if (address.CaFile is null)
        {
            return;
        }

        if (uri is not null && uri.Scheme != Uri.UriSchemeHttps)
        {
            problems.Add($"{setting}:CaFile: has no meaning for an http address");
        }

        try
        {
            _ = CertificateAuthorities.Read(address.CaFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problems.Add($"{setting}:CaFile: '{address.CaFile}' can't be read as PEM certificates: {e.Message}");
        }
    }
}
