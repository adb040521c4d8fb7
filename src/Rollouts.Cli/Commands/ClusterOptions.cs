using System.CommandLine;
using k8s;
using Rollouts.Kubernetes.Clusters;
using Rollouts.Outbound;
using Rollouts.Prometheus;
using Rollouts.Web;

namespace Rollouts.Cli.Commands;

/// <summary>Which cluster and which Prometheus a command works with.</summary>
internal sealed class ClusterOptions
{
    public Option<string?> Kubeconfig { get; } = new("--kubeconfig") { Description = "Default: $KUBECONFIG, else ~/.kube/config", HelpName = "FILE" };

    public Option<string?> Context { get; } = new("--context") { Description = "A context of the kubeconfig; default the current one", HelpName = "NAME" };

    public Option<string[]> Prometheus { get; } = Addresses(
        "--prometheus",
        "The Prometheus that templates may ask, and the first one the default of templates that name none. May be given several times; "
            + "no other address is ever queried.");

    public Option<string[]> Web { get; } = Addresses("--web", "A web service that templates may ask. May be given several times; no other one is ever asked.");

    public Option<string[]> Tokens { get; } = Addresses(
        "--tokens", "Where templates may exchange OAuth 2.0 client credentials for a token. May be given several times.");

    public void AddTo(Command command)
    {
        command.Add(Kubeconfig);
        command.Add(Context);
        command.Add(Prometheus);
        command.Add(Web);
        command.Add(Tokens);
    }

    /// <exception cref="InvalidInputException">What the kubeconfig holds makes no client.</exception>
    /// <exception cref="PortException">There is no such file or context.</exception>
    public IKubernetes Connect(ParseResult parsed)
    {
        try
        {
            return new KubeconfigCluster { Path = parsed.GetValue(Kubeconfig), Context = parsed.GetValue(Context) }.Connect();
        }
        catch (Exception unusable) when (unusable is not PortException)
        {
            // The client reads certificates and keys when it is made, and has no exception of its own for them.
            string file = parsed.GetValue(Kubeconfig) is { Length: > 0 } named ? $" {named}" : "";
            throw new InvalidInputException($"--kubeconfig{file}: can't be used: {unusable.Message}");
        }
    }

    public PrometheusOptions PrometheusOf(ParseResult parsed)
    {
        string[] addresses = parsed.GetRequiredValue(Prometheus);
        return new PrometheusOptions
        {
            Addresses = [.. addresses.Select(a => new PrometheusAddress { Address = a })],
            DefaultAddress = addresses.FirstOrDefault(),
            TokenAddresses = parsed.GetRequiredValue(Tokens),
        };
    }

    public WebOptions WebOf(ParseResult parsed) => new()
    {
        Addresses = [.. parsed.GetRequiredValue(Web).Select(a => new WebAddress { Address = a })],
        TokenAddresses = parsed.GetRequiredValue(Tokens),
    };

    private static Option<string[]> Addresses(string name, string description)
    {
        Option<string[]> addresses = new(name) { Description = description, HelpName = "URL", DefaultValueFactory = _ => [] };
        addresses.Validators.Add(given =>
        {
            HashSet<Uri> seen = [];
            foreach (string text in given.Tokens.Select(t => t.Value))
            {
                if (!AddressForm.TryRead(text, out Uri? address, out string? problem))
                {
                    given.AddError($"{name} '{AddressForm.Show(text)}': can't be used: {problem}");
                }
                else if (!seen.Add(address))
                {
                    given.AddError($"{name} '{AddressForm.Show(text)}': is given twice; leave one out");
                }
            }
        });
        return addresses;
    }
}
