using Rollouts.Manifests;
using Rollouts.Policy;

namespace Rollouts.Tests.Manifests;

public sealed class PolicyProblemTests
{
    private const string Header = "apiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nspec:\n";

    [Theory]
    [InlineData("compatibility: Argo", "compatibility", "must be none or argo; found the text \"Argo\"")]
    [InlineData("inconclusive: maybe", "inconclusive", "must be ask, wait, abort or continue; found the text \"maybe\"")]
    [InlineData("inconclusive: yes", "inconclusive", "must be ask, wait, abort or continue; found the boolean yes")]
    [InlineData("inconclusive: [ask]", "inconclusive", "must be an object with action, for, then; found a list")]
    [InlineData("noData: {}", "noData.action", "is required: ask, wait, abort or continue")]
    [InlineData("noData: {action: wait, then: wait}", "noData.then", "must be ask, abort or continue; found the text \"wait\"")]
    [InlineData("noData: {action: ask, for: 5m}", "noData.for", "goes with action: wait only; remove it")]
    [InlineData("error: {action: abort, then: ask}", "error.then", "goes with action: wait only; remove it")]
    [InlineData("error: {action: wait, for: 0s}", "error.for", "must be longer than 0s; leave it out for 10m")]
    [InlineData("error: {action: wait, for: soon}", "error.for", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m; found the text \"soon\"")]
    [InlineData("error: {action: wait, retries: 5}", "error.retries", "unknown field; supported are action, for, then")]
    [InlineData("question: 5m", "question", "must be an object with openFor, onExpiry; found the text \"5m\"")]
    [InlineData("question: {openFor: never}", "question.openFor", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m, or forever; found the text \"never\"")]
    [InlineData("question: {openFor: 0}", "question.openFor", "must be longer than 0s, or forever")]
    [InlineData("question: {onExpiry: ask}", "question.onExpiry", "must be abort or continue; found the text \"ask\"")]
    [InlineData("approvers: []", "approvers", "unknown field, did you mean approval?; supported are compatibility, cluster, inconclusive, noData, error, question, firstDeployment, workloads, minimumRequests, metrics, schedule, deadline, background, bake, drift, weightVerification, approval, notify")]
    [InlineData("cluster: [west]", "cluster", "must be a text; found a list")]
    [InlineData("cluster: West", "cluster", "\"West\" is no name that Kubernetes takes; it must be a DNS-1123 label: lower-case letters, digits and -, at most 63 characters, beginning and ending with a letter or digit")]
    [InlineData("approval: {quorum: 0}", "approval.quorum", "must be a whole number from 1 to 10; found the number 0")]
    [InlineData("approval: {abort: nobody}", "approval.abort", "must be anyone or approvers; found \"nobody\"")]
    [InlineData("approval: {abort: approvers}", "approval.abort", "needs approvers")]
    [InlineData("approval: {approvers: {}}", "approval.approvers", "names nobody, so nobody could approve; remove it, or name somebody")]
    [InlineData("approval: {approvers: {slackUsers: [jo b, U1]}}", "approval.approvers.slackUsers[0]", "must be an id of 1 to 100 characters without spaces; found \"jo b\"")]
    [InlineData("notify: {}", "notify.channels", "is required: names of channels that the operator has set up")]
    [InlineData("notify: {channels: ['#team']}", "notify.channels[0]", "must be a channel's name of 1 to 50 letters, digits, - and _; found \"#team\"")]
    [InlineData("notify: {channels: [team], events: [promoted]}", "notify.events[0]", "must be started, question or outcome")]
    [InlineData("notify: {channels: [team], remindEvery: 5s}", "notify.remindEvery", "must be 1m or longer; leave it out for no reminders")]
    [InlineData("notify: {channels: [team], escalate: {to: [oncall]}}", "notify.escalate.after", "is required: how long the question is open before, for instance 4h")]
    [InlineData("minimumRequests: {count: 5}", "minimumRequests.query", "is required: PromQL that counts the canary's requests")]
    [InlineData("minimumRequests: {query: up, count: 0}", "minimumRequests.count", "must be a whole number of 1 or more; found the number 0")]
    [InlineData("minimumRequests: {query: up, count: 5, address: \"ftp://x\"}", "minimumRequests.address", "must be an http or https URL without user name and password")]
    [InlineData("metrics: [{noData: ask}]", "metrics[0].name", "is required: the metric's name")]
    [InlineData("deadline: 0", "deadline", "must be longer than 0s; leave it out for none")]
    [InlineData("schedule: {businessHours: []}", "schedule.timeZone", "is required: an IANA time zone, such as Europe/Berlin")]
    [InlineData("schedule: {timeZone: CEST}", "schedule.timeZone", "\"CEST\" is no IANA time zone; write one such as Europe/Berlin, America/New_York or UTC")]
    [InlineData("schedule: {timeZone: UTC, businessHours: [{days: [Monday], from: \"09:00\", to: \"17:00\"}]}", "schedule.businessHours[0].days[0]", "must be Mon, Tue, Wed, Thu, Fri, Sat or Sun; found the text \"Monday\"")]
    [InlineData("schedule: {timeZone: UTC, businessHours: [{days: [Mon], from: \"17:00\", to: \"09:00\"}]}", "schedule.businessHours[0].to", "must be after from; hours over midnight are two items")]
    [InlineData("schedule: {timeZone: UTC, businessHours: [{days: [Mon], from: \"9\", to: \"24:00\"}]}", "schedule.businessHours[0].from", "must be \"HH:MM\", from \"00:00\" to \"24:00\"; found the text \"9\"")]
    [InlineData("schedule: {timeZone: UTC, freezes: [{from: \"2026-12-20\", to: \"2026-12-19\"}]}", "schedule.freezes[0].to", "must be after from")]
    [InlineData("schedule: {timeZone: UTC, freezes: [{from: \"20.12.2026\", to: \"2026-12-24 12:00\"}]}", "schedule.freezes[0].from", "must be \"YYYY-MM-DD\" or \"YYYY-MM-DD HH:MM\"; found the text \"20.12.2026\"")]
    public void Read_PolicyFieldWrong_SaysWhatIsAllowed(string field, string path, string expected) =>
        Assert.Equal([$"c.yaml:4: spec.{path}: {expected}"], Manifest.Problems(Manifest.Rollout, Manifest.Template, $"{Header}  {field}\n"));

    [Fact]
    public void Read_Cluster_IsTheTargets()
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout, Manifest.Template, $"{Header}  cluster: west\n");

        Assert.Equal("west", reading.Release!.Target.Cluster);
        Assert.StartsWith("west:", reading.Release.Target.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EveryField_GivesPolicy()
    {
        RolloutPolicy policy = Read("""
              compatibility: none
              inconclusive: abort
              noData: {action: wait, for: 90, then: continue}
              error: {action: wait, then: abort}
              question: {openFor: 2h, onExpiry: continue}
            """);

        Assert.Equal(new UnclearPolicy { Action = UnclearAction.Abort }, policy.Inconclusive);
        Assert.Equal(new UnclearPolicy { Action = UnclearAction.Wait, For = TimeSpan.FromSeconds(90), Then = UnclearAction.Continue }, policy.NoData);
        Assert.Equal(new UnclearPolicy { Action = UnclearAction.Wait, For = TimeSpan.FromMinutes(10), Then = UnclearAction.Abort }, policy.Error);
        Assert.Equal(new QuestionPolicy { OpenFor = TimeSpan.FromHours(2), OnExpiry = UnclearAction.Continue }, policy.Question);
        Assert.Equal(Compatibility.None, policy.Compatibility);
    }

    [Fact]
    public void Read_ApprovalAndNotify_GivesWhoAndWhom()
    {
        RolloutPolicy policy = Read("""
              approval:
                approvers: {slackUsers: [U012AB3CD], slackGroups: [S0614TZR7], entraUsers: [a1], entraGroups: [b2], appRoles: [Rollouts.Approve]}
                quorum: 2
                requesterMayApprove: false
                signIn: true
                abort: approvers
              notify:
                channels: [team, team]
                events: [question, started]
                remindEvery: 1h
                escalate: {after: 4h, to: [oncall]}
            """);

        Assert.Equivalent(
            new ApprovalPolicy
            {
                SlackUsers = ["U012AB3CD"],
                SlackGroups = ["S0614TZR7"],
                EntraUsers = ["a1"],
                EntraGroups = ["b2"],
                AppRoles = ["Rollouts.Approve"],
                Quorum = 2,
                RequesterMayApprove = false,
                SignIn = true,
                Abort = AbortBy.Approvers,
            },
            policy.Approval,
            strict: true);
        Assert.Equivalent(
            new NotifyPolicy
            {
                Channels = ["team"],
                Events = [NotifyEvent.Question, NotifyEvent.Started],
                RemindEvery = TimeSpan.FromHours(1),
                EscalateAfter = TimeSpan.FromHours(4),
                EscalateTo = ["oncall"],
            },
            policy.Notify,
            strict: true);
    }

    [Fact]
    public void Read_NoPolicy_IsTheDefault() => Assert.Equal(RolloutPolicy.Default, Manifest.Read(Manifest.Rollout, Manifest.Template).Release!.Policy);

    [Fact]
    public void Read_EmptySpec_IsTheDefault() => Assert.Equal(RolloutPolicy.Default, Read("  {}"));

    [Theory]
    [InlineData("forever", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    [InlineData("3600", 3600)]
    public void Read_OpenFor_TakesForeverAndSeconds(string openFor, int? seconds) =>
        Assert.Equal(
            seconds is { } s ? TimeSpan.FromSeconds(s) : null,
            Read($"  question: {{openFor: {openFor}}}").Question.OpenFor);

    [Fact]
    public void Read_CompatibilityArgo_FillsTheGapsWithArgosBehaviour()
    {
        Assert.Equal(RolloutPolicy.Argo, Read("  compatibility: argo"));
        Assert.Equal(
            RolloutPolicy.Argo with { NoData = new() { Action = UnclearAction.Ask }, Question = new() { OpenFor = null, OnExpiry = UnclearAction.Continue } },
            Read("  compatibility: argo\n  noData: ask\n  question: {onExpiry: continue}"));
    }

    [Fact]
    public void Read_TwoPolicies_IsRefused() =>
        Assert.Equal(
            ["d.yaml:1: is a second RolloutPolicy (first in c.yaml line 1); a release has at most one"],
            Manifest.Problems(Manifest.Rollout, Manifest.Template, Header + "  {}\n", Header + "  {}\n"));

    [Fact]
    public void Read_PolicyWithArgosVersion_IsRefused() =>
        Assert.Equal(
            ["c.yaml:1: apiVersion: \"argoproj.io/v1alpha1\" is not read; a RolloutPolicy has rolloutfunctions/v1"],
            Manifest.Problems(Manifest.Rollout, Manifest.Template, (Header + "  {}\n").Replace("rolloutfunctions/v1", "argoproj.io/v1alpha1")));

    private static RolloutPolicy Read(string spec)
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout, Manifest.Template, $"{Header}{spec}\n");
        Assert.Empty(reading.Problems);
        return reading.Release!.Policy;
    }

    [Fact]
    public void Read_MetricThatNoAnalysisHas_IsRefused() =>
        Assert.Equal(
            ["c.yaml:1: spec.metrics: no analysis of the release has a metric \"error-rat\", did you mean error-rate?; the metrics are error-rate"],
            Manifest.Problems(Manifest.Rollout, Manifest.Template, $"{Header}  metrics: [{{name: error-rat, noData: abort}}]\n"));

    [Fact]
    public void Read_ScheduleMinimumAndDeadline_GivePolicy()
    {
        RolloutPolicy policy = Manifest.Read(Manifest.Rollout, Manifest.Template, $$"""
            {{Header.TrimEnd()}}
              deadline: 4h
              minimumRequests: { query: sum(requests), count: 100 }
              metrics:
              - name: error-rate
                noData: continue
                minimumRequests: { query: sum(requests), count: 10, address: http://p }
              background: { afterRequests: { query: sum(requests), count: 1 } }
              schedule:
                timeZone: Europe/Berlin
                businessHours:
                - { days: [Mon, Fri], from: "09:00", to: "24:00" }
                freezes:
                - { from: 2026-12-20, to: "2027-01-04 06:00", reason: year's end }

            """).Release!.Policy;

        Assert.Equal((TimeSpan.FromHours(4), 100), (policy.Deadline, policy.MinimumRequests!.Count));
        Assert.Equal((UnclearAction.Continue, 10d, "http://p"), (policy.Metrics[0].NoData!.Action, policy.Metrics[0].MinimumRequests!.Count, policy.Metrics[0].MinimumRequests!.Query.Address));
        Assert.Equal(1, policy.Background.AfterRequests!.Count);
        BusinessHours hours = Assert.Single(policy.Schedule!.BusinessHours);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Friday], hours.Days);
        Assert.Equal((TimeSpan.FromHours(9), TimeSpan.FromDays(1)), (hours.From, hours.To));
        Assert.Equal(new FreezeWindow(new DateTime(2026, 12, 20), new DateTime(2027, 1, 4, 6, 0, 0), "year's end"), Assert.Single(policy.Schedule.Freezes));
    }
}
