using Rollouts.Manifests;
using Rollouts.Manifests.Lint;

namespace Rollouts.Tests.Manifests.Lint;

/// <summary>Each rule on the release of <see cref="Clean"/> with one thing changed: what has to be warned of, and what only looks like it.</summary>
public sealed class LintRuleTests
{
    /// <summary>A release that no rule has a word for.</summary>
    public const string Clean = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata:
          name: web
        spec:
          strategy:
            canary:
              canaryService: web-canary
              stableService: web-stable
              trafficRouting:
                nginx:
                  stableIngress: web
              steps:
              - setWeight: 5
              - pause: {duration: 5m}
              - analysis:
                  templates:
                  - templateName: error-rate
                  args:
                  - name: hash
                    valueFrom: {podTemplateHashValue: Latest}
              - setWeight: 50
              - pause: {duration: 5m}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata:
          name: error-rate
        spec:
          args:
          - name: hash
          - name: window
            value: 5m
          metrics:
          - name: error-rate
            interval: 1m
            count: 5
            failureLimit: 2
            successCondition: result[0] <= 0.01
            failureCondition: result[0] > 0.05
            provider:
              prometheus:
                query: |
                  (sum(rate(x_total{version="{{args.hash}}", code=~"5.."}[{{args.window}}])) or vector(0))
                  / sum(rate(x_total{version="{{args.hash}}"}[{{args.window}}]))

        """;

    private const string Query = """
        |
                  (sum(rate(x_total{version="{{args.hash}}", code=~"5.."}[{{args.window}}])) or vector(0))
                  / sum(rate(x_total{version="{{args.hash}}"}[{{args.window}}]))
        """;

    private const string Nginx = "rate(nginx_ingress_controller_request_duration_seconds_bucket{canary!=\"\"}[5m])";

    [Fact]
    public void Validate_CleanRelease_IsSilent() => Assert.Empty(Warnings(Clean));

    [Theory]
    [InlineData("takes one measurement, so failureLimit 2 can never be exceeded and the metric can't fail; set interval and count", "    interval: 1m\n    count: 5\n", "", 36)]
    [InlineData("takes one measurement, so failureLimit 2 can never be exceeded and the metric can't fail; set interval and count", "    interval: 1m\n    count: 5\n    failureLimit: 2", "    failureLimit: \"2\"", 36)]
    [InlineData("takes 2 measurements, so failureLimit 2 can never be exceeded and the metric can't fail; set a higher count or a lower limit", "count: 5", "count: 2", 38)]
    [InlineData("takes one measurement, so inconclusiveLimit 1 can never be exceeded and an inconclusive metric passes; set interval and count", "    interval: 1m\n    count: 5\n    failureLimit: 2", "    inconclusiveLimit: 1", 36)]
    [InlineData("takes one measurement, so consecutiveSuccessLimit 2 can never be reached and the metric can't succeed; set interval and count", "    interval: 1m\n    count: 5\n    failureLimit: 2", "    consecutiveSuccessLimit: 2", 36)]
    public void LimitAboveCount_LimitThatCantBeReached_Warns(string expected, string find, string replace, int line) =>
        Assert.Equal([$"{line}: {expected}"], Warnings("limit-above-count", find, replace));

    [Theory]
    [InlineData("    successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05\n", "")]
    [InlineData("    successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05\n", "    successCondition: \"\"\n")]
    [InlineData("    successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05\n", "    successCondition:\n")]
    public void NoCondition_NeitherGiven_Warns(string find, string replace) =>
        Assert.Equal(
            ["35: has neither successCondition nor failureCondition, so every measurement succeeds, as in Argo; give it one, or both"],
            Warnings("no-condition", find, replace));

    [Theory]
    [InlineData("(sum(rate(x_total{version=\"{{args.hash}}\", code=~\"5..\"}[{{args.window}}])) or vector(0))", "sum(rate(x_total{version=\"{{args.hash}}\", code=~\"5..\"}[{{args.window}}]))", "code=~\"5..\"", "(… or vector(0))")]
    [InlineData(Query, "1 - sum(rate(x_total{version=\"{{args.hash}}\",code!~\"5..\"}[5m])) / sum(rate(x_total{version=\"{{args.hash}}\"}[5m]))", "code!~\"5..\"", "(… or vector(0))")]
    [InlineData(Query, "sum by (path) (rate(x_total{version=\"a\",code=\"500\"}[5m])) / sum by (path) (rate(x_total{version=\"a\"}[5m]))", "code=\"500\"", "(… or 0 * …), with the lower part of the division in the place of the second …")]
    public void VanishingNumerator_NothingInItsPlace_Warns(string find, string replace, string picked, string cure) =>
        Assert.Equal(
            [$"has no value as long as no series matches {picked}, however much traffic there is; write the upper part of the division as {cure}"],
            Messages("vanishing-numerator", find, replace));

    [Theory]
    [InlineData("sum(rate(x_total{version=\"a\"}[5m])) / sum(rate(x_total[5m]))")]
    [InlineData("sum(rate(x_bucket{version=\"a\",le=\"0.3\"}[5m])) / sum(rate(x_bucket{version=\"a\"}[5m]))")]
    [InlineData("sum(rate(errors_total{version=\"a\"}[5m])) / sum(rate(x_total{version=\"a\"}[5m]))")]
    [InlineData("(sum(rate(x_total{version=\"a\",code=\"5\"}[5m])) or 0 * sum(rate(x_total{version=\"a\"}[5m]))) / sum(rate(x_total{version=\"a\"}[5m]))")]
    [InlineData("sum(rate(x_total{version=\"a\",code=\"5\"}[5m])) * sum(rate(x_total{version=\"a\"}[5m]))")]
    [InlineData("# sum(a{b=\"c\"}) / sum(a)\n          rate(x_total{version=\"a\"}[5m])")]
    public void VanishingNumerator_AnythingElse_IsSilent(string query) => Assert.Empty(Messages("vanishing-numerator", Query, "|\n          " + query));

    [Theory]
    [InlineData("sum(rate(a{version=\"b\"}[5m])) / sum(rate(c{version=\"b\"}[5m])) or vector(0)", 0)]
    [InlineData("(100 * (sum(rate(a{version=\"b\"}[5m])) / sum(rate(c{version=\"b\"}[5m])))) or on() vector(1)", 1)]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(a_bucket{version=\"b\"}[5m]))) or vector(0)", 0)]
    public void NoDataAsValue_WholeRatio_Warns(string query, int value) =>
        Assert.Equal(
            [$"takes {value} for a measurement when there is no data at all (no traffic, no scrape); put `or vector(0)` on the upper part of the division alone, and leave no data to the policy"],
            Messages("no-data-as-value", Query, query));

    [Theory]
    [InlineData("sum(rate(a{version=\"b\"}[5m])) / sum(rate(c{version=\"b\"}[5m])) or vector(NaN)")]
    [InlineData("sum(rate(a{version=\"b\"}[5m])) or vector(0)")]
    [InlineData("(sum(rate(a{version=\"b\"}[5m])) or vector(0)) / sum(rate(c{version=\"b\"}[5m]))")]
    public void NoDataAsValue_OnlyAPart_IsSilent(string query) => Assert.Empty(Messages("no-data-as-value", Query, query));

    [Theory]
    [InlineData("successCondition: result[0] <= 0.01", "successCondition: result <= 0.01", "the query gives a vector; write result[0] for its first value")]
    [InlineData("failureCondition: result[0] > 0.05", "failureCondition: 0.05 < result", "the query gives a vector; write result[0] for its first value")]
    public void ResultType_VectorAsNumber_Warns(string find, string replace, string expected) =>
        Assert.StartsWith($"can't be evaluated: {expected} (", Assert.Single(Messages("result-type", find, replace)));

    [Theory]
    [InlineData("scalar(sum(x{version=\"a\"}))", 2)]
    [InlineData("2 * scalar(x{version=\"a\"}) - 1", 2)]
    [InlineData("time() - 5", 2)]
    [InlineData("sum(x{version=\"a\"}) - scalar(y)", 0)]
    [InlineData("vector(1)", 0)]
    public void ResultType_IndexOnNumber_Warns(string query, int warnings)
    {
        string[] found = Messages("result-type", Query, query);

        Assert.Equal(warnings, found.Length);
        Assert.All(found, f => Assert.StartsWith("can't be evaluated: the query gives a single number, not a vector; write result in place of result[0] (", f));
    }

    [Fact]
    public void ResultType_NumberOverARange_IsAVector() =>
        Assert.Empty(Messages(
            "result-type",
            Query,
            "scalar(sum(x{version=\"a\"}))",
            "",
            Clean.Replace("        query: |", "        rangeQuery: {start: now(), end: now(), step: 1m}\n        query: |", StringComparison.Ordinal)));

    [Theory]
    [InlineData("successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05", "successCondition: result[0] <= 0.01", "result[0] > …")]
    [InlineData("successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05", "successCondition: 0.99 <= result[0]", "result[0] < …")]
    public void NoGreyZone_OnlySuccess_Warns(string find, string replace, string cure) =>
        Assert.Equal(
            [$"makes every value that is not a success a failure, a slight excess too; give a failureCondition ({cure}) for what is clearly broken, and a person is asked about what lies between"],
            Messages("no-grey-zone", find, replace));

    [Theory]
    [InlineData("successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05", "successCondition: result[0] == 1")]
    [InlineData("successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05", "failureCondition: result[0] > 0.05")]
    [InlineData("successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05", "successCondition: result[0] > 1 && result[0] < 2")]
    [InlineData("    failureCondition: result[0] > 0.05\n", "---\napiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nspec: {inconclusive: abort}\n", true)]
    [InlineData("    failureCondition: result[0] > 0.05\n", "  dryRun: [{metricName: error}]\n", true)]
    public void NoGreyZone_NoneWasMeant_IsSilent(string find, string replace, bool atTheEnd = false) =>
        Assert.Empty(Messages("no-grey-zone", find, atTheEnd ? "" : replace, atTheEnd ? replace : ""));

    [Theory]
    [InlineData("[{{args.window}}])) or", "[20s])) or", "looks back 20s, but rate needs two scrapes and these are 15s apart; take four of them, [1m], or say how often is scraped by the annotation rolloutfunctions/scrape-interval")]
    [InlineData(Query, "sum(increase(x{version=\"a\"}[29s]))", "looks back 29s, but increase needs two scrapes and these are 15s apart; take four of them, [1m], or say how often is scraped by the annotation rolloutfunctions/scrape-interval")]
    public void WindowTooShort_BelowTwoScrapes_Warns(string find, string replace, string expected) =>
        Assert.Equal([expected], Messages("window-too-short", find, replace));

    [Theory]
    [InlineData("sum(rate(x{version=\"a\"}[30s]))")]
    [InlineData("max_over_time(x{version=\"a\"}[5s])")]
    [InlineData("rate(x{version=\"a\",text=\"rate(a[1s])\"}[{{args.window}}])")]
    public void WindowTooShort_TwoScrapesOrNoRate_IsSilent(string query) => Assert.Empty(Messages("window-too-short", Query, query));

    [Theory]
    [InlineData("kind: AnalysisTemplate\nmetadata:", "kind: AnalysisTemplate\nmetadata:\n  annotations: {rolloutfunctions/scrape-interval: 5s}")]
    [InlineData("kind: Rollout\nmetadata:", "kind: Rollout\nmetadata:\n  annotations: {rolloutfunctions/scrape-interval: 5s}")]
    public void WindowTooShort_DocumentSaysHowOftenIsScraped_IsSilent(string find, string replace) =>
        Assert.Empty(Messages("window-too-short", find, replace, "", Clean.Replace("value: 5m", "value: 10s")));

    [Fact]
    public void WindowTooShort_OptionSaysHowOftenIsScraped_Warns() =>
        Assert.Equal(
            2,
            ReleaseReader.Validate(Manifest.Files(Clean), new LintOptions { ScrapeInterval = TimeSpan.FromMinutes(3) }).Count(p => p.Rule == "window-too-short"));

    [Theory]
    [InlineData("- pause: {duration: 5m}\n      - analysis", "- pause: {duration: 2m}\n      - analysis", "is measured 2m after the weight is set, so it still sees what was before; make the pause as long, give the metric an initialDelay, or look back less")]
    [InlineData("- pause: {duration: 5m}\n      - analysis", "- analysis", "is measured at once when the weight is set, so it still sees what was before; put a pause of that length between them, give the metric an initialDelay, or look back less")]
    [InlineData("    interval: 1m\n", "    interval: 1m\n    initialDelay: 1m\n", null)]
    [InlineData("value: 5m", "value: 1h", "is measured 5m after the weight is set, so it still sees what was before; make the pause as long, give the metric an initialDelay, or look back less")]
    [InlineData("- pause: {duration: 5m}\n      - analysis", "- pause: {}\n      - analysis", null)]
    [InlineData("- setWeight: 5\n      - pause: {duration: 5m}\n      - analysis", "- analysis", null)]
    [InlineData("[{{args.window}}])) or vector(0))", "[4m:1m])) or vector(0))", null)]
    [InlineData("[{{args.window}}])) or vector(0))", "[1m:])) or max_over_time(rate(x{version=\"a\"}[5m])[10m:1m]))", "is measured 5m after the weight is set, so it still sees what was before; make the pause as long, give the metric an initialDelay, or look back less")]
    public void PauseShorterThanWindow_WeightHasNotSettled_Warns(string find, string replace, string? expected)
    {
        string[] found = Messages("pause-shorter-than-window", find, replace);

        Assert.Equal(expected is null ? 0 : 1, found.Length);
        Assert.All(found, f => Assert.EndsWith(expected!, f));
    }

    [Theory]
    [InlineData("successCondition: result[0] <= 15", 10, "15", "this always holds")]
    [InlineData("failureCondition: result[0] > 10", 10, "10", "this never holds")]
    public void QuantileCeiling_AboveTheHighestBucket_Warns(string condition, int ceiling, string number, string consequence) =>
        Assert.Equal(
            [$"compares a percentile with {number}, but the histogram's highest bucket is {ceiling} and no percentile of it is above that: {consequence}; take a lower number, or give the histogram higher buckets"],
            Messages("quantile-ceiling", Query, $"histogram_quantile(0.99, sum by (le) ({Nginx}))", "", WithCondition(condition)));

    [Theory]
    [InlineData("histogram_quantile(0.99, sum by (le) (" + Nginx + "))", "result[0] > 9", 0)]
    [InlineData("1000 * histogram_quantile(0.99, sum by (le) (" + Nginx + "))", "result[0] > 9000", 0)]
    [InlineData("1000 * histogram_quantile(0.99, sum by (le) (" + Nginx + "))", "result[0] > 10000", 1)]
    [InlineData("histogram_quantile(0.99, sum by (le) (" + Nginx + ")) / histogram_quantile(0.5, sum by (le) (" + Nginx + "))", "result[0] > 15", 0)]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(mine_bucket{version=\"a\"}[5m])))", "result[0] > 1000", 0)]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(mine_bucket{version=\"a\",le=~\"0.1|0.5|2.5\"}[5m])))", "result[0] > 2.5", 1)]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(mine_bucket{version=\"a\",le=~\"0.1|0.5|2.5|[+]Inf\"}[5m])))", "result[0] > 2", 0)]
    public void QuantileCeiling_Query_KnowsItsHighestBucket(string query, string condition, int warnings) =>
        Assert.Equal(warnings, Messages("quantile-ceiling", Query, query, "", WithCondition($"failureCondition: {condition}")).Length);

    [Theory]
    [InlineData("histogram_quantile(0.99, sum(rate(x_bucket{version=\"a\"}[5m])))", 1)]
    [InlineData("histogram_quantile(0.99, sum by (path) (rate(x_bucket{version=\"a\"}[5m])))", 1)]
    [InlineData("histogram_quantile(0.99, sum without (le) (rate(x_bucket{version=\"a\"}[5m])))", 1)]
    [InlineData("histogram_quantile(0.99, sum without (path) (rate(x_bucket{version=\"a\"}[5m])))", 0)]
    [InlineData("histogram_quantile(0.99, sum(rate(x_bucket{version=\"a\"}[5m])) BY (le, path))", 0)]
    [InlineData("histogram_quantile(0.99, rate(x_bucket{version=\"a\"}[5m]))", 0)]
    [InlineData("histogram_quantile(0.99, sum(rate(native{version=\"a\"}[5m])))", 0)]
    public void QuantileWithoutLe_Aggregation_KeepsTheBuckets(string query, int warnings) =>
        Assert.Equal(warnings, Messages("quantile-without-le", Query, query).Length);

    [Theory]
    [InlineData("sum(x_total{version=\"a\",code=~\"5..\"}) / sum(x_total{version=\"a\"})", 1)]
    [InlineData("histogram_quantile(0.99, sum by (le) (x_bucket{version=\"a\"}))", 1)]
    [InlineData("sum(rate(x_total{version=\"a\"}[5m])) / sum(rate(y_total{version=\"a\"}[5m]))", 0)]
    [InlineData("sum(x{version=\"a\"}) / sum(y{version=\"a\"})", 0)]
    [InlineData("x_total{version=\"a\"} > 5", 0)]
    public void CounterWithoutRate_RatioOrPercentile_Warns(string query, int warnings) =>
        Assert.Equal(warnings, Messages("counter-without-rate", Query, query).Length);

    [Theory]
    [InlineData("result[0] >= 95", "", "compares a share, which is 1 at most, with 95: that never holds; write 0.95, or multiply the query by 100")]
    [InlineData("result[0] < 5", "", "compares a share, which is 1 at most, with 5: that always holds; write 0.05, or multiply the query by 100")]
    [InlineData("result[0] >= 95", "100 * ", null)]
    [InlineData("result[0] >= 0.95", "", null)]
    [InlineData("len(result) == 0 || result[0] < 1", "", null)]
    public void ShareThreshold_Percentage_Warns(string condition, string factor, string? expected) =>
        Assert.Equal(
            expected is null ? [] : [expected],
            Messages(
                "share-threshold",
                Query,
                $"{factor}(sum(rate(x_total{{version=\"a\",code=~\"2..\"}}[5m])) / sum(rate(x_total{{version=\"a\"}}[5m])))",
                "",
                WithCondition($"successCondition: {condition}")));

    [Theory]
    [InlineData("(sum(rate(x_total{code=~\"5..\"}[5m])) or vector(0)) / sum(rate(x_total[5m]))", 1)]
    [InlineData("sum(rate(x_total{job=\"web\"}[5m]))", 1)]
    [InlineData("sum(rate(x_total{job=\"web-canary\"}[5m]))", 0)]
    [InlineData("sum(rate(x_total{canary!=\"\"}[5m]))", 0)]
    [InlineData("sum(rate(x_total{pod=~\"web-{{args.hash}}-.*\"}[5m]))", 0)]
    [InlineData("sum by (version) (rate(x_total{job=\"web\"}[5m]))", 0)]
    [InlineData("vector(1)", 0)]
    public void NoCanarySelector_BothVersionsTogether_Warns(string query, int warnings) =>
        Assert.Equal(warnings, Messages("no-canary-selector", Query, query).Length);

    [Fact]
    public void NoCanarySelector_AtFullWeight_IsSilent() =>
        Assert.Empty(Messages("no-canary-selector", Query, "sum(rate(x_total[5m]))", "", Clean.Replace("setWeight: 5\n", "setWeight: 100\n")));

    [Theory]
    [InlineData("- setWeight: 5\n      - pause", "- pause", 1)]
    [InlineData("- setWeight: 5\n", "- setWeight: 0\n", 1)]
    [InlineData("- setWeight: 5\n", "- setHeaderRoute: {name: a, match: [{headerName: X-A, headerValue: {exact: b}}]}\n", 0)]
    [InlineData("- setWeight: 5\n", "- setHeaderRoute: {name: a, match: [{headerName: X-A, headerValue: {exact: b}}]}\n      - setHeaderRoute: {name: a}\n", 1)]
    public void NoTraffic_AnalysisBeforeAnyRequest_Warns(string find, string replace, int warnings) =>
        Assert.Equal(warnings, Messages("no-traffic", find, replace).Length);

    [Theory]
    [InlineData(0, "compatibility: argo", "begins at step 0, before the canary has traffic, so error-rate has nothing to measure; set startingStep to a step after the first setWeight")]
    [InlineData(1, "compatibility: argo", null)]
    [InlineData(0, "compatibility: none", null)]
    public void NoTraffic_BackgroundAnalysisBeforeAnyRequest_Warns(int startingStep, string policy, string? expected) =>
        Assert.Equal(
            expected is null ? [] : [expected],
            Messages(
                "no-traffic",
                "      steps:\n",
                $"      analysis: {{startingStep: {startingStep}, templates: [{{templateName: error-rate}}], args: [{{name: hash, value: a}}]}}\n      steps:\n",
                $"---\napiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nspec: {{{policy}}}\n"));

    [Theory]
    [InlineData("setWeight: 50", "setWeight: 4", "takes the canary from 5 back to 4, so that users who have seen the new version get the old one again; put the weights in rising order")]
    [InlineData("setWeight: 50", "setWeight: 0", "takes the canary from 5 back to 0, so that users who have seen the new version get the old one again; put the weights in rising order")]
    [InlineData("setWeight: 50", "setWeight: 5", null)]
    public void WeightGoesDown_Lower_Warns(string find, string replace, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], Messages("weight-goes-down", find, replace));

    [Theory]
    [InlineData("setWeight: 50\n      - pause: {duration: 5m}", "setWeight: 50", 1)]
    [InlineData("setWeight: 50\n      - pause: {duration: 5m}", "setWeight: 100", 0)]
    [InlineData("setWeight: 50\n      - pause: {duration: 5m}", "setWeight: 50\n      - setHeaderRoute: {name: a}", 0)]
    public void LastStepBelowFull_NothingWaits_Warns(string find, string replace, int warnings) =>
        Assert.Equal(warnings, Messages("last-step-below-full", find, replace).Length);

    [Theory]
    [InlineData("compatibility: argo", null, "errs when it is empty, and five errors in a row roll back")]
    [InlineData("compatibility: argo", "failureCondition: result[0] > 0.05", "passes when it is NaN (a ratio without traffic), and errs when it is empty: five errors in a row roll back")]
    [InlineData("compatibility: argo", "successCondition: len(result) == 0 || result[0] < 1", null)]
    [InlineData("noData: ask", null, null)]
    public void SilentNoData_LeftToConditions_Warns(string policy, string? condition, string? expected)
    {
        string[] found = Messages(
            "no-data-as-argo",
            "kind: Rollout",
            "kind: Rollout",
            $"---\napiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nspec: {{{policy}}}\n",
            condition is null ? Clean : WithCondition(condition));

        Assert.Equal(
            expected is null ? [] : [$"has no word for a query without data, which {expected}; write len(result) == 0 || …, or let the policy's noData decide"],
            found);
    }

    private static string WithCondition(string condition) => Clean.Replace(
        "    successCondition: result[0] <= 0.01\n    failureCondition: result[0] > 0.05", $"    {condition}", StringComparison.Ordinal);

    private static ManifestProblem[] Warnings(string manifest)
    {
        ManifestProblem[] problems = [.. ReleaseReader.Validate(Manifest.Files(manifest), LintOptions.Default)];
        Assert.DoesNotContain(problems, p => p.Severity == ProblemSeverity.Error);
        return problems;
    }

    private static string[] Warnings(string rule, string find, string replace) =>
        [.. Warnings(Clean.Replace(find, replace, StringComparison.Ordinal)).Where(p => p.Rule == rule).Select(p => $"{p.Line}: {p.Message}")];

    private static string[] Messages(string rule, string find, string replace, string append = "", string manifest = Clean)
    {
        Assert.Contains(find, manifest, StringComparison.Ordinal);
        string changed = find == Query && !replace.StartsWith('|') ? $"'{replace.Replace("'", "''", StringComparison.Ordinal)}'" : replace;
        return [.. Warnings(manifest.Replace(find, changed, StringComparison.Ordinal) + append).Where(p => p.Rule == rule).Select(p => p.Message)];
    }
}
