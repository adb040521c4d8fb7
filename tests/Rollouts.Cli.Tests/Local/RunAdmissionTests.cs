using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Approvals;
using Rollouts.Approvals.Settings;
using Rollouts.Cli.Local;
using Rollouts.Manifests;
using Rollouts.Manifests.Lint;
using Rollouts.Policy;

namespace Rollouts.Cli.Tests.Local;

/// <summary>A release that nobody could approve in this process does not start here.</summary>
public sealed class RunAdmissionTests : IDisposable
{
    private const string Release = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: checkout, namespace: shop}
        spec:
          strategy:
            canary:
              canaryService: checkout-canary
              stableService: checkout-stable
              trafficRouting: {nginx: {stableIngress: checkout}}
              steps: [{setWeight: 5}, {pause: {}}]
        """;

    private const string Slack = """
        {"Slack": {"BotToken": "xoxb-1", "SigningSecret": "8f742231b10e8888abcd99yyyzzz85a5", "Teams": ["T1"]}}
        """;

    private readonly TemporaryFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("approval: {quorum: 2}", "", "--settings (Slack:SigningSecret)")]
    [InlineData("approval: {approvers: {slackUsers: [U012AB3CD]}}", "", "rollouts start")]
    [InlineData("approval: {approvers: {appRoles: [Rollouts.Approve]}}", Slack, "leave spec.approval out")]
    [InlineData("approval: {requesterMayApprove: false}", Slack, "--requester")]
    [InlineData("notify: {channels: [team]}", "", "names the channel team, which the operator has not set up")]
    [InlineData("", """{"Environments": {"production": {"Namespaces": ["shop"], "Approval": {"Quorum": 2}}}}""", "--settings (Slack:SigningSecret)")]
    public async Task Run_PolicyThatCantBeMetHere_IsRefusedWithTheCure(string policy, string settings, string cure)
    {
        CliRun run = await RunAsync(policy, settings);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(cure, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void Admit_PolicyThatSlackCanMeet_IsAdmittedWhereSlackListens(bool names, bool listens)
    {
        ApprovalSettings settings = new()
        {
            Slack = new SlackSettings { BotToken = "xoxb-1", SigningSecret = listens ? "8f742231b10e8888abcd99yyyzzz85a5" : null, Teams = ["T1"] },
        };
        using ServiceProvider services = new ServiceCollection()
            .AddSingleton(TimeProvider.System).AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddApprovals(settings).BuildServiceProvider();
        LocalApprovals approvals = LocalApprovals.Of(services);
        Release read = ReleaseReader.Read([new ManifestFile("release.yaml", Release)], LintOptions.Default).Release!;
        Release asks = read with { Policy = read.Policy with { Approval = new ApprovalPolicy { Quorum = 2, SlackUsers = names ? ["U012AB3CD"] : [], RequesterMayApprove = false } } };

        Assert.Equal(read.Name, LocalRules.Admit(approvals, read, null).Name);
        if (listens)
        {
            Assert.Equal("kim@example.com", LocalRules.Admit(approvals, asks, "kim@example.com").Requester);
        }
        else
        {
            Assert.Throws<InvalidInputException>(() => LocalRules.Admit(approvals, asks, "kim@example.com"));
        }
    }

    private Task<CliRun> RunAsync(string policy, string settings)
    {
        string release = policy.Length == 0 ? Release : $"{Release}\n---\napiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nmetadata: {{name: checkout}}\nspec:\n  {policy}\n";
        string[] options = settings.Length == 0 ? [] : ["--settings", files.Write("settings.json", settings)];
        return CliRun.RunAsync(
            ["run", "--file", files.Write("release.yaml", release), "--kubeconfig", files.Write("cluster.yaml", Kubeconfigs.OfNobody), "--state", files.PathOf("rollouts.db"), .. options]);
    }
}
