using System.Text.Json.Nodes;
using k8s.Models;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Writing splits.</summary>
public abstract partial class IngressNginxContract
{
    public static TheoryData<HeaderMatchKind, string, string?, string?> Matches => new()
    {
        { HeaderMatchKind.Exact, "yes", "yes", null },
        { HeaderMatchKind.Exact, "always", "always", null },
        { HeaderMatchKind.Prefix, "v1.2+", null, @"^v1\.2\+" },
        { HeaderMatchKind.Regex, "a|b", null, "^(?:a|b)$" },
    };

    [Fact]
    public async Task Apply_Weight_PatchesOnlyWhatChanges()
    {
        await ClaimAsync(One);
        string version = (await CanaryAsync()).Metadata.ResourceVersion;
        _faults.Forget();

        Assert.Equal(Split(25), await ApplyAsync(One, Split(25), 1));

        RecordedRequest write = Assert.Single(_faults.Requests, r => r.IsWrite);
        Assert.Equal(HttpMethod.Patch, write.Method);
        JsonNode wanted = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = version,
                ["annotations"] = new JsonObject { [Prefix + "canary-weight"] = "25", ["rolloutfunctions/revision"] = "1" },
            },
        };
        Assert.True(JsonNode.DeepEquals(wanted, JsonNode.Parse(write.Body)), write.Body);
    }

    [Theory]
    [MemberData(nameof(Matches))]
    public async Task Apply_HeaderRoute_SetsItsAnnotationsAndRemovesThem(HeaderMatchKind kind, string text, string? value, string? pattern)
    {
        TrafficSplit split = Split(5, new HeaderRoute("internal", [new("X-Internal", kind, text)]));
        await ClaimAsync(One);

        Assert.Equal(split, await ApplyAsync(One, split, 1));

        Assert.Equal("5", await WeightAsync());
        Assert.Equal("X-Internal", await AnnotationAsync(Prefix + "canary-by-header"));
        Assert.Equal(value, await AnnotationAsync(Prefix + "canary-by-header-value"));
        Assert.Equal(pattern, await AnnotationAsync(Prefix + "canary-by-header-pattern"));

        Assert.Equal(Split(5), await ApplyAsync(One, Split(5), 2));

        Assert.DoesNotContain((await CanaryAsync()).Metadata.Annotations.Keys, k => k.Contains("header", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_OtherHeaderRoute_LeavesNothingOfTheFirst()
    {
        await ClaimAsync(One);
        await ApplyAsync(One, Split(0, s_internal), 1);
        TrafficSplit other = Split(0, new HeaderRoute("beta", [new("X-Beta", HeaderMatchKind.Prefix, "b")]));

        Assert.Equal(other, await ApplyAsync(One, other, 2));

        Assert.Null(await AnnotationAsync(Prefix + "canary-by-header-value"));
        Assert.Equal("^b", await AnnotationAsync(Prefix + "canary-by-header-pattern"));
    }

    [Fact]
    public async Task Apply_ForeignAnnotations_AreKept()
    {
        await ClaimAsync(One);
        await AnnotateAsync(
            "shop-web-canary",
            ("team", "shop"),
            (Prefix + "load-balance", "ewma"),
            (Prefix + "canary-by-cookie", "beta"),
            ("rolloutfunctions-note", "mine"));

        await ApplyAsync(One, Split(30, s_internal), 1);
        await ApplyAsync(One, TrafficSplit.None, 2);

        Assert.Equal("shop", await AnnotationAsync("team"));
        Assert.Equal("ewma", await AnnotationAsync(Prefix + "load-balance"));
        Assert.Equal("beta", await AnnotationAsync(Prefix + "canary-by-cookie"));
        Assert.Equal("mine", await AnnotationAsync("rolloutfunctions-note"));
    }

    [Fact]
    public async Task Apply_StableIngressHasChanged_FollowsIt()
    {
        await ClaimAsync(One);
        V1Ingress stable = await ReadAsync("web");
        stable.Spec.Tls = null;
        stable.Spec.Rules.Add(new() { Host = "new.example.com", Http = new() { Paths = [Ingresses.To("/", "shop-stable")] } });
        await Client.NetworkingV1.ReplaceNamespacedIngressWithHttpMessagesAsync(stable, "web", Namespace, cancellationToken: Cancellation);

        await ApplyAsync(One, Split(10), 1);

        V1Ingress canary = await CanaryAsync();
        Assert.Null(canary.Spec.Tls);
        Assert.Equal(["web.example.com", "new.example.com"], canary.Spec.Rules.Select(r => r.Host));
        Assert.Equal("shop-canary", canary.Spec.Rules[1].Http.Paths[0].Backend.Service.Name);
    }

    [Fact]
    public async Task Apply_MaxTrafficWeight_IsWrittenAsTotalAndGoesWithIt()
    {
        TrafficTarget thousand = One with { MaxWeight = 1000, Nginx = One.Nginx! with { MaxTrafficWeight = 1000 } };
        await ClaimAsync(thousand);
        Assert.Equal(Split(250), await ApplyAsync(thousand, Split(250), 1));
        Assert.Equal("1000", await AnnotationAsync(Prefix + "canary-weight-total"));

        Assert.Equal(Split(25), await ApplyAsync(One, Split(25), 2));

        Assert.Null(await AnnotationAsync(Prefix + "canary-weight-total"));
    }

    [Fact]
    public async Task Apply_AdditionalAnnotations_ArePrefixed()
    {
        TrafficTarget target = One with
        {
            Nginx = One.Nginx! with
            {
                AdditionalIngressAnnotations = new Dictionary<string, string> { ["load-balance"] = "ewma", [Prefix + "affinity"] = "cookie" },
            },
        };

        await ClaimAsync(target);
        await ApplyAsync(target, Split(5), 1);

        Assert.Equal("ewma", await AnnotationAsync(Prefix + "load-balance"));
        Assert.Equal("cookie", await AnnotationAsync(Prefix + "affinity"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public async Task Apply_WeightOutOfRange_IsInvalid(int weight)
    {
        await ClaimAsync(One);
        await RefusedAsync(FailureKind.Invalid, () => ApplyAsync(One, Split(weight), 1));
        Assert.Equal("0", await WeightAsync());
    }

    [Fact]
    public async Task Apply_ChangedBetweenWriteAndReadBack_AnswersWithWhatIsThere()
    {
        await ClaimAsync(One);
        _faults.Forget();
        _faults.Spoil = request =>
        {
            if (_faults.Requests.Any(r => r.IsWrite) && !request.IsWrite)
            {
                AnnotateAsync("shop-web-canary", (Prefix + "canary-weight", "70")).Wait(Cancellation);
            }

            return null;
        };

        Assert.Equal(Split(70), await ApplyAsync(One, Split(25), 1));
    }

    [Fact]
    public async Task Apply_TwoIngressesReadBackDifferently_NamesThem()
    {
        await ClaimAsync(Two);
        _faults.Forget();
        _faults.Spoil = request =>
        {
            if (request is { IsWrite: false, Name: "shop-api-canary" } && _faults.Requests.Count(r => r.IsWrite) == 2)
            {
                AnnotateAsync("shop-api-canary", (Prefix + "canary-weight", "70")).Wait(Cancellation);
            }

            return null;
        };

        PortException refusal = await RefusedAsync(FailureKind.Transient, () => ApplyAsync(Two, Split(25), 1));

        Assert.Contains("`shop-api-canary` weight 70", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("`shop-web-canary` weight 25", refusal.Message, StringComparison.Ordinal);
    }
}
