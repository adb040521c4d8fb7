using System.CommandLine;
using k8s;
using Rollouts.Kubernetes.Clusters;
using Rollouts.Prometheus;
using Rollouts.Web;

namespace Rollouts.Cli.Commands;

/// <summary>Which cluster and which Prometheus a command works with.</summary>
internal sealed class ClusterOptions
{
    public Option<string?> Kubeconfig { get; } = new("--kubeconfig") { Description = "Default: $KUBECONFIG, else ~/.kube/config", HelpName = "FILE" };

    public Option<string?> Context { get; } = new("--context") { Description = "A context of the kubeconfig; default the current one", HelpName = "NAME" };

    public Option<string[]> Prometheus { get; } = new("--prometheus")
    {
        Description = "The Prometheus that templates may ask, and the first one the default of templates that name none. May be given several times; "
            + "no other address is ever queried.",
        HelpName = "URL",
        DefaultValueFactory = _ => [],
    };

    public Option<string[]> Web { get; } = new("--web")
    {
        Description = "A web service that templates may ask. May be given several times; no other one is ever asked.",
        HelpName = "URL",
        DefaultValueFactory = _ => [],
    };

    public Option<string[]> Tokens { get; } = new("--tokens")
    {
        Description = "Where templates may exchange OAuth 2.0 client credentials for a token. May be given several times.",
        HelpName = "URL",
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command command)
    {
        command.Add(Kubeconfig);
        command.Add(Context);
        command.Add(Prometheus);
        command.Add(Web);
        command.Add(Tokens);
    }

    public IKubernetes Connect(ParseResult parsed) =>
        new KubeconfigCluster { Path = parsed.GetValue(Kubeconfig), Context = parsed.GetValue(Context) }.Connect();

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
}
