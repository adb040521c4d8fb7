using System.CommandLine;
using k8s;
using Rollouts.Kubernetes.Clusters;
using Rollouts.Prometheus;

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

    public void AddTo(Command command)
    {
        command.Add(Kubeconfig);
        command.Add(Context);
        command.Add(Prometheus);
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
        };
    }
}
