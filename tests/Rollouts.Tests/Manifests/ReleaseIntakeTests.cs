using Microsoft.Extensions.Time.Testing;
using Rollouts.Analysis;
using Rollouts.Manifests;

namespace Rollouts.Tests.Manifests;

public sealed class ReleaseIntakeTests
{
    private static readonly string Outer = Manifest.Template.Replace("name: error-rate\nspec:\n  metrics:", "name: error-rate\nspec:\n  templates: [{templateName: shared, clusterScope: true}]\n  metrics:");

    private static readonly string Shared = Manifest.Template.Replace("kind: Analysis", "kind: ClusterAnalysis").Replace("error-rate", "shared");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gather_TemplateElsewhere_BecomesPartOfTheReleaseWithWhatItNests()
    {
        var source = new Source { ["default/error-rate"] = Outer, ["default/cluster/shared"] = Shared };

        ReleaseReading reading = ReleaseReader.Read(await GatherAsync(source, Manifest.Rollout));

        Assert.Empty(reading.Problems);
        Assert.Equal(["cluster/shared", "error-rate"], reading.Release!.Templates.Keys);
        Assert.Equal(["default/error-rate", "default/cluster/shared"], source.Sought);
    }

    [Fact]
    public async Task Gather_TemplateInTheRequest_WinsAndIsNotLookedFor()
    {
        var source = new Source { ["default/error-rate"] = Outer };

        await GatherAsync(source, Manifest.Rollout, Manifest.Template);

        Assert.Empty(source.Sought);
    }

    [Fact]
    public async Task Gather_TemplateNowhere_IsReportedOnce()
    {
        var source = new Source();

        ReleaseReading reading = ReleaseReader.Read(await GatherAsync(source, Manifest.Rollout.Replace("name: web\n", "name: web\n  namespace: shop\n")));

        Assert.Equal(["shop/error-rate"], source.Sought);
        Assert.Contains("there is no AnalysisTemplate error-rate in the release; put it into the same request, or where templates are looked for", Assert.Single(reading.Problems).Message);
    }

    [Fact]
    public async Task Gather_SourceOfAnotherTemplate_DoesNotGoOnForEver()
    {
        var source = new Source { ["default/error-rate"] = Shared };

        await GatherAsync(source, Manifest.Rollout);

        Assert.Single(source.Sought);
    }

    [Fact]
    public async Task Gather_SourceThatNeverAnswers_EndsInTime()
    {
        var time = new FakeTimeProvider();
        Task<IReadOnlyList<ManifestFile>> gathering = ReleaseIntake.GatherAsync(Manifest.Files(Manifest.Rollout), new Source { Hangs = true }, time, Cancellation);

        time.Advance(ReleaseIntake.SearchLimit);

        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<PortException>(() => gathering)).Kind);
    }

    [Fact]
    public async Task Sources_FirstThatHasIt_Wins()
    {
        var first = new Source { ["default/error-rate"] = "first" };
        var second = new Source { ["default/error-rate"] = "second", ["default/latency"] = "third" };
        var both = new TemplateSources([first, second]);

        Assert.Equal("first", (await both.FindAsync(new("default"), new TemplateReference("error-rate", false), Cancellation))!.Text);
        Assert.Equal("third", (await both.FindAsync(new("default"), new TemplateReference("latency", false), Cancellation))!.Text);
        Assert.Null(await both.FindAsync(new("default"), new TemplateReference("none", false), Cancellation));
    }

    private static Task<IReadOnlyList<ManifestFile>> GatherAsync(ITemplateSource source, params string[] texts) =>
        ReleaseIntake.GatherAsync(Manifest.Files(texts), source, TimeProvider.System, Cancellation);

    private sealed class Source : Dictionary<string, string>, ITemplateSource
    {
        public List<string> Sought { get; } = [];

        public bool Hangs { get; init; }

        public async Task<ManifestFile?> FindAsync(ClusterNamespace ns, TemplateReference template, CancellationToken cancellationToken)
        {
            string key = $"{ns}/{template.Key}";
            Sought.Add(key);
            if (Hangs)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return TryGetValue(key, out string? text) ? new ManifestFile(key, text) : null;
        }
    }
}
