namespace Rollouts.Cli.Tests;

/// <summary>Kubeconfigs for commands that end before they reach a cluster.</summary>
internal static class Kubeconfigs
{
    /// <summary>Of a cluster that nobody listens at.</summary>
    public const string OfNobody = """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test}}]
        clusters: [{name: test, cluster: {server: "http://127.0.0.1:1"}}]
        users: [{name: test, user: {token: x}}]
        """;
}
