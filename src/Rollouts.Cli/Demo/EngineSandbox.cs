namespace Rollouts.Cli.Demo;

/// <summary>Where a sandbox stands so that an engine outside this process finds it: the ports that the durable app's sample settings name.</summary>
internal static class EngineSandbox
{
    public const int ApiPort = 7072;

    public const int PrometheusPort = 7073;
}
