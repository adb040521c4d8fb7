using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>The share of requests that the canary really gets.</summary>
public sealed class ShareTests
{
    private Func<MeasureShare, Observation> count = share => new ShareMeasured(50, 1_000, share.Revision);

    [Fact]
    public void Share_AsTheWeight_LetsTheStepEndAfterOneWindow()
    {
        MachineDriver world = Driver();

        world.Run(TimeSpan.FromSeconds(59));
        Assert.Equal(0, world.Rollout.StepIndex);
        world.Run(TimeSpan.FromSeconds(2));

        Assert.Equal(1, world.Rollout.StepIndex);
        Assert.Equal(
            "The weight is verified: the canary got 50 of 1000 requests, 5 %; its weight is 5 %, as far as so many requests can tell",
            Assert.Single(world.Journal, e => e.Type == EventType.WeightVerified).Message);
    }

    [Fact]
    public void Share_StaysOff_HoldsTheStepSaysSoAndAsks()
    {
        MachineDriver world = Driver();
        count = share => new ShareMeasured(0, 1_000, share.Revision);

        world.Run(TimeSpan.FromMinutes(4));
        Assert.Equal(0, world.Rollout.StepIndex);
        Assert.StartsWith(
            "The step is held: the canary got 0 of 1000 requests, 0 %; its weight is 5 %",
            Assert.Single(world.Journal, e => e.Type == EventType.WeightVerifyError).Message,
            StringComparison.Ordinal);
        Assert.Null(world.Rollout.Question);

        world.Run(TimeSpan.FromMinutes(3));
        Assert.Equal(QuestionKind.Share, world.Rollout.Question?.Kind);
        Assert.Equal(0, world.Rollout.StepIndex);

        world.Decide(Command.Promote);
        Assert.Equal(1, world.Rollout.StepIndex);
    }

    [Fact]
    public void Share_ComesRightWhileItIsAsked_WithdrawsTheQuestion()
    {
        MachineDriver world = Driver();
        count = share => new ShareMeasured(0, 1_000, share.Revision);
        world.Run(TimeSpan.FromMinutes(7));
        count = share => new ShareMeasured(51, 1_000, share.Revision);

        world.Run(TimeSpan.FromMinutes(1));

        Assert.NotEqual(QuestionKind.Share, world.Rollout.Question?.Kind);
        Assert.Equal(1, world.Rollout.StepIndex);
    }

    [Fact]
    public void Share_TooFewRequests_GoesOnWhenItsTimeIsOver()
    {
        MachineDriver world = Driver();
        count = share => new ShareMeasured(0, 12, share.Revision);

        world.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(0, world.Rollout.StepIndex);
        world.Run(TimeSpan.FromMinutes(2));

        Assert.Equal(1, world.Rollout.StepIndex);
        Assert.Contains(world.Journal, e => e.Message == "The canary's share can't be told: only 12 requests came");
    }

    [Fact]
    public void Share_CantBeMeasured_Asks()
    {
        MachineDriver world = Driver();
        count = share => new EffectFailed(share, FailureKind.Transient, "connection refused");

        world.Run(TimeSpan.FromMinutes(8));

        Assert.Equal(QuestionKind.Share, world.Rollout.Question?.Kind);
        Assert.Contains("connection refused", world.Rollout.Question!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Share_AbortWhileItIsOff_RollsBack()
    {
        MachineDriver world = Driver();
        count = share => new ShareMeasured(900, 1_000, share.Revision);
        world.Run(TimeSpan.FromMinutes(2));

        world.Decide(Command.Abort);

        Assert.Equal(TrafficSplit.None, world.Written[^1]);
    }

    [Fact]
    public void Share_WithoutPolicy_IsNotAsked()
    {
        MachineDriver world = new(Releases.With(new SetWeightStep(5), new PauseStep(null)));
        world.Answer = e => e is MeasureShare ? throw new InvalidOperationException("not wanted") : null;

        world.Settle();

        Assert.Equal(1, world.Rollout.StepIndex);
    }

    [Fact]
    public void Queries_IngressNginx_CountByStableIngress()
    {
        Release release = Releases.With();
        TrafficTarget target = release.Target with { Nginx = new NginxRouting { StableIngresses = ["web", "api.internal"] } };

        var (canary, total) = ShareQueries.Of(new WeightVerificationPolicy { Window = TimeSpan.FromMinutes(2) }, target);

        Assert.Equal(
            """sum(increase(nginx_ingress_controller_requests{namespace="shop",ingress=~"web|api\\.internal",canary!=""}[120s])) or vector(0)""", canary.Query);
        Assert.Equal("""sum(increase(nginx_ingress_controller_requests{namespace="shop",ingress=~"web|api\\.internal"}[120s])) or vector(0)""", total.Query);
    }

    private MachineDriver Driver()
    {
        Release release = Releases.With(new SetWeightStep(5), new PauseStep(null));
        return new MachineDriver(release with { Policy = release.Policy with { WeightVerification = new WeightVerificationPolicy() } })
        {
            Answer = e => e is MeasureShare share ? count(share) : null,
        };
    }
}
