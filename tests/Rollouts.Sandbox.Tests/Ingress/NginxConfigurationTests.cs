using Rollouts.Sandbox.Ingress;
using static Rollouts.Sandbox.Tests.Ingress.IngressObjects;

namespace Rollouts.Sandbox.Tests.Ingress;

public sealed class NginxConfigurationTests
{
    private static readonly NginxSettings Settings = new() { Port = 4711, Folder = "/tmp/nginx" };

    [Theory]
    [InlineData("0", null, "* \"weight:main\";", "%")]
    [InlineData("5", null, "5.00% \"weight:canary\";", "none")]
    [InlineData("5", "1000", "0.50% \"weight:canary\";", "none")]
    [InlineData("1", "1000000", "0.01% \"weight:canary\";", "none")]
    [InlineData("999999", "1000000", "99.99% \"weight:canary\";", "none")]
    [InlineData("100", null, "* \"weight:canary\";", "%")]
    [InlineData("200", null, "* \"weight:canary\";", "%")]
    public void Render_Weight_SplitsByItsShare(string weight, string? total, string expected, string absent)
    {
        var annotations = new Dictionary<string, string> { ["canary-weight"] = weight };
        if (total is not null)
            annotations["canary-weight-total"] = total;

        var split = Block(Render([Stable(), Canary(annotations)]), "split_clients \"$request_id\"");

        Assert.Contains(expected, split, StringComparison.Ordinal);
        Assert.DoesNotContain(absent, split, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_HeaderValue_IsAnEscapedCaseSensitivePattern()
    {
        var text = Render([Stable(), Canary(new Dictionary<string, string>
        {
            ["canary-by-header"] = "X-Internal-User",
            ["canary-by-header-value"] = "a.b\"c\\d",
        })]);

        Assert.Contains(
            """
            map $http_x_internal_user $decision_0 {
                default $by_cookie_0;
                "~\\Aa\\.b\\\"c\\\\d\\z" "header:canary";
            }
            """,
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Render_BrokenPattern_SendsEveryHeaderToMain()
    {
        var canary = Canary(new Dictionary<string, string> { ["canary-by-header"] = "X-A", ["canary-by-header-pattern"] = "(" });

        var text = NginxConfiguration.Render(Table([Stable(), canary], null, "("), Settings, "1");

        Assert.Contains("~. \"header:main\";", Block(text, "map $http_x_a"), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NoHeaderRule_LeavesTheDecisionToCookieAndWeight()
    {
        var map = Block(Render([Stable(), Canary(new Dictionary<string, string> { ["canary-by-cookie"] = "beta" })]), "map \"\" $decision_0");

        Assert.DoesNotContain("header:", map, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_RouteWithoutCanary_HasNoDecision()
    {
        var text = Render([Stable()]);

        Assert.DoesNotContain("split_clients", text, StringComparison.Ordinal);
        Assert.Contains("set $decision \"only:main\";", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_CanaryServiceWithoutAddress_IsLeftOut()
    {
        var table = Table(
            [Stable(), Canary(new Dictionary<string, string> { ["canary-weight"] = "100" })],
            [Service("stable", "127.0.0.1:1001"), Service("canary", null)]);

        Assert.DoesNotContain("demo.canary.80", NginxConfiguration.Render(table, Settings, "1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MainServiceWithoutAddress_Answers503()
    {
        var text = NginxConfiguration.Render(Table([Stable()], []), Settings, "1");

        Assert.Contains("return 503;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "Prefix", "location  \"/\"")]
    [InlineData("/shop", "Prefix", "location = \"/shop\"|location  \"/shop/\"")]
    [InlineData("/shop/", "Prefix", "location = \"/shop\"|location  \"/shop/\"")]
    [InlineData("/shop", "Exact", "location = \"/shop\"")]
    [InlineData("/shop", "ImplementationSpecific", "location  \"/shop\"")]
    public void Render_PathTypes_BecomeLocations(string path, string pathType, string expected)
    {
        var locations = Render([Stable(path: path, pathType: pathType)])
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("location", StringComparison.Ordinal) && line.EndsWith('{'))
            .Select(line => line.TrimEnd(' ', '{'));

        Assert.Equal(expected, string.Join('|', locations));
    }

    [Fact]
    public void Render_ExactAndPrefixOnOnePath_GivesTheExactPathToExact()
    {
        var text = Render([Stable(path: "/shop", age: 100), Stable("canary", path: "/shop", pathType: "Exact", age: 10)]);

        Assert.Contains("demo.canary.80", Block(text, "location = \"/shop\""), StringComparison.Ordinal);
        Assert.Contains("demo.stable.80", Block(text, "location  \"/shop/\""), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SameInput_GivesSameText()
    {
        var ingresses = new[] { Stable(), Canary(new Dictionary<string, string> { ["canary-weight"] = "5" }) };

        Assert.Equal(Render(ingresses), Render(ingresses.Reverse()));
    }

    private static string Render(IEnumerable<k8s.Models.V1Ingress> ingresses) =>
        NginxConfiguration.Render(Table(ingresses), Settings, "1");

    /// <summary>The text from <paramref name="start"/> to the next closing brace.</summary>
    private static string Block(string text, string start)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal);
        Assert.True(from >= 0, $"'{start}' is not in:\n{text}");
        return text[from..(text.IndexOf('}', from) + 1)];
    }
}
