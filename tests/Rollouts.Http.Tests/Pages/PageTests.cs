using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Rollouts.Http.Pages;

namespace Rollouts.Http.Tests.Pages;

public sealed class PageTests
{
    [Fact]
    public async Task Execute_AnyPage_IsSentWithItsHeaders()
    {
        (IHeaderDictionary headers, _) = await Send(new Page { Title = "t", Body = Html.None });
        Assert.Equal("no-store", headers.CacheControl);
        Assert.Equal("no-referrer", headers["Referrer-Policy"]);
        Assert.Contains("noindex", headers["X-Robots-Tag"].ToString(), StringComparison.Ordinal);
        string policy = headers.ContentSecurityPolicy.ToString();
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_StylesAndScripts_AreThoseThatThePolicyNames()
    {
        Page page = new()
        {
            Title = "<t>",
            Body = Html.Of($"<p>{"x"}</p>"),
            Styles = [InlineAsset.FromCode("p { color: red }")],
            Scripts = [InlineAsset.FromCode("console.log('<p>')\r\n")],
        };
        (IHeaderDictionary headers, string text) = await Send(page);
        string policy = headers.ContentSecurityPolicy.ToString();
        string[] inline = [.. Regex.Matches(text, "<(style|script)[^>]*>(.*?)</\\1>", RegexOptions.Singleline).Select(m => m.Groups[2].Value)];
        Assert.Equal(3, inline.Length);
        Assert.All(inline, i => Assert.Contains($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(i)))}'", policy, StringComparison.Ordinal));
        Assert.Contains("<title>&lt;t&gt;</title>", text, StringComparison.Ordinal);
    }

    private static async Task<(IHeaderDictionary Headers, string Text)> Send(Page page)
    {
        DefaultHttpContext http = new();
        using MemoryStream body = new();
        http.Response.Body = body;
        await page.ExecuteAsync(http);
        return (http.Response.Headers, Encoding.UTF8.GetString(body.ToArray()));
    }
}
