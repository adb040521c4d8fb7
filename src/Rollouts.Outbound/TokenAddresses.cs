namespace Rollouts.Outbound;

/// <summary>The operator's token addresses: where a template's OAuth 2.0 credentials may be sent.</summary>
/// <param name="addresses">http or https URLs; a template's may go on below one of them.</param>
/// <param name="setting">The setting that they stand in, for messages.</param>
internal sealed class TokenAddresses(IReadOnlyList<string> addresses, string setting)
{
    private readonly List<Uri> allowed = [.. addresses.Select(a => AddressForm.TryRead(a, out Uri? uri, out _) ? uri : null).OfType<Uri>()];

    /// <summary>Everything that is wrong with the setting.</summary>
    public static IEnumerable<string> Check(IReadOnlyList<string> addresses, string setting)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            if (!AddressForm.TryRead(addresses[i] ?? "", out _, out string? problem))
            {
                yield return $"{setting}:{i}: '{AddressForm.Show(addresses[i] ?? "")}' can't be used: {problem}";
            }
        }
    }

    /// <exception cref="PortException">The address is not among them.</exception>
    public Uri Choose(string asked)
    {
        if (!AddressForm.TryRead(asked, out Uri? uri, out string? problem))
        {
            throw new PortException(FailureKind.Invalid, $"the token address '{AddressForm.Show(asked)}' can't be used: {problem}");
        }

        Uri found = allowed.Where(a => AddressForm.Covers(a, uri)).MaxBy(a => a.AbsolutePath.Length) ?? throw new PortException(
            FailureKind.Invalid,
            $"the token address '{AddressForm.Show(asked)}' is not allowed: the operator lists the servers that may be given a client's secret in {setting}");
        return new UriBuilder(found) { Path = uri.AbsolutePath }.Uri;
    }
}
