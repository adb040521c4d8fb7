using Rollouts.Outbound;

namespace Rollouts.Prometheus;

/// <summary>The operator's addresses, and which of them a query may use.</summary>
internal sealed class AllowedAddresses
{
    private readonly Dictionary<Uri, PrometheusAddress> addresses = [];
    private readonly string? byDefault;

    /// <exception cref="ArgumentException">The options are not valid; the message holds every problem.</exception>
    public AllowedAddresses(PrometheusOptions options)
    {
        if (PrometheusOptionsValidation.Validate(options) is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        }

        byDefault = options.DefaultAddress;
        foreach (PrometheusAddress address in options.Addresses)
        {
            AddressForm.TryRead(address.Address, out Uri? uri, out _);
            addresses.Add(uri!, address);
        }
    }

    public IEnumerable<(string Client, PrometheusAddress Address)> Clients => addresses.Select(a => (ClientOf(a.Key), a.Value));

    /// <summary>Where a query goes: the host as the operator wrote it, the path as the template did, and the client for it.</summary>
    /// <exception cref="PortException">It goes nowhere.</exception>
    public (Uri Address, string Client) Choose(string? asked, bool insecure)
    {
        asked = string.IsNullOrEmpty(asked) ? byDefault : asked;
        if (asked is null)
        {
            throw new PortException(
                FailureKind.Invalid, "the metric names no Prometheus address and there is no default one: set Prometheus:DefaultAddress (on the command line --prometheus), or the metric's address");
        }

        if (!AddressForm.TryRead(asked, out Uri? uri, out string? problem))
        {
            throw new PortException(FailureKind.Invalid, $"the Prometheus address '{AddressForm.Show(asked)}' can't be used: {problem}");
        }

        Uri allowed = Find(addresses.Keys, uri) ?? throw new PortException(
            FailureKind.Invalid,
            $"the Prometheus address '{AddressForm.Show(asked)}' is not allowed: the operator lists the servers that may be asked in Prometheus:Addresses (on the command line --prometheus)");
        bool takesAny = insecure && allowed.Scheme == Uri.UriSchemeHttps;
        if (takesAny && !addresses[allowed].AllowInsecure)
        {
            throw new PortException(
                FailureKind.Invalid,
                $"the metric asks for insecure, which the operator does not allow for {allowed}: set CaFile, or AllowInsecure, in Prometheus:Addresses");
        }

        return (new UriBuilder(allowed) { Path = AddressForm.PathOf(uri) }.Uri, takesAny ? Insecure(ClientOf(allowed)) : ClientOf(allowed));
    }

    /// <summary>The client that takes any certificate.</summary>
    public static string Insecure(string client) => $"{client} insecure";

    public static Uri? Find(IEnumerable<Uri> allowed, string asked) =>
        AddressForm.TryRead(asked, out Uri? uri, out _) ? Find(allowed, uri) : null;

    private static Uri? Find(IEnumerable<Uri> allowed, Uri asked) =>
        allowed.Where(a => AddressForm.Covers(a, asked)).MaxBy(a => a.AbsolutePath.Length);

    private static string ClientOf(Uri address) => $"prometheus {address}";
}
