using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Rollouts.Http.Access;

namespace Rollouts.Http.Tests.Access;

public sealed class SharedTokenTests
{
    private const string Token = "0123456789abcdef";
    private readonly SharedToken access = new(Token, "jo", new AccessRoles());

    [Theory]
    [InlineData("Bearer 0123456789abcdef", true)]
    [InlineData("bearer 0123456789abcdef ", true)]
    [InlineData("Bearer 0123456789abcdeX", false)]
    [InlineData("Bearer 0123456789abcde", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic 0123456789abcdef", false)]
    [InlineData("0123456789abcdef", false)]
    public void Identify_Authorization_IsTheTokenOrNobody(string header, bool known)
    {
        DefaultHttpContext http = new();
        http.Request.Headers.Authorization = header;
        ClaimsPrincipal? principal = access.Identify(http);
        Assert.Equal(known, principal is not null);
        Assert.Null(principal?.Identity?.Name);
    }

    [Fact]
    public void Identify_Nothing_IsNobody() => Assert.Null(access.Identify(new DefaultHttpContext()));

    [Fact]
    public void BeginSession_TheCookie_IsOutOfReachOfScriptsAndOtherSitesAndNotTheToken()
    {
        DefaultHttpContext answer = new();
        access.BeginSession(answer);
        string cookie = answer.Response.Headers.SetCookie.ToString();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);

        DefaultHttpContext next = new();
        next.Request.Headers.Cookie = cookie.Split(';')[0];
        Assert.Equal("jo", access.Identify(next)?.Identity?.Name);
        next.Request.Headers.Cookie = cookie.Split(';')[0] + "0";
        Assert.Null(access.Identify(next));
    }

    [Fact]
    public void TryUseLink_TheSameLink_WorksOnce()
    {
        string code = access.CreateLink().Split("code=")[1].Split('&')[0];
        Assert.True(access.TryUseLink(code));
        Assert.False(access.TryUseLink(code));
        Assert.False(access.TryUseLink("made up"));
    }

    [Fact]
    public void Constructor_ShortToken_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedToken("short", "jo", new AccessRoles()));
}
