using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rollouts.Http.Access;

namespace Rollouts.Http.Tests.Access;

public sealed class AppServicePrincipalsTests
{
    private static readonly AccessRoles Roles = new();

    [Fact]
    public void Identify_TokenWithAppRoles_HasNameAndRoles()
    {
        ClaimsPrincipal principal = Identify(Header(("preferred_username", "jo@contoso.example"), ("name", "Boss"), ("roles", "rollouts.decide"), ("oid", "o-1")))!;
        Assert.Equal("jo@contoso.example", principal.Identity!.Name);
        Assert.True(principal.Identity.IsAuthenticated);
        Assert.True(principal.IsInRole("rollouts.decide"));
        Assert.False(principal.IsInRole("rollouts.start"));
        Assert.Equal("o-1", principal.FindFirst("oid")?.Value);
    }

    [Fact]
    public void Identify_RolesUnderTheNameThatTheHeaderGives_AreRoles()
    {
        ClaimsPrincipal principal = Identify(Header(("http://schemas.example/role", "rollouts.read")))!;
        Assert.True(principal.IsInRole("rollouts.read"));
    }

    [Fact]
    public void Identify_NameClaimThatThePersonMayChoose_IsNotTheName()
    {
        ClaimsPrincipal principal = Identify(Header((ClaimTypes.Name, "somebody@else.example"), ("preferred_username", "jo@contoso.example")))!;
        Assert.Equal("jo@contoso.example", principal.Identity!.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("bm90IGpzb24=")]
    [InlineData("W10=")]
    public void Identify_HeaderThatCantBeRead_IsNobody(string header) => Assert.Null(Identify(header));

    [Fact]
    public void Identify_NoHeader_IsNobody() => Assert.Null(new AppServicePrincipals(isOn: true).Identify(new DefaultHttpContext()));

    [Fact]
    public void Identify_AuthenticationOff_IsNobodyWhateverTheHeaderSays()
    {
        Assert.Null(Identify(Header(("roles", "rollouts.decide")), isOn: false));
    }

    [Theory]
    [InlineData(Right.Read, null, 403)]
    [InlineData(Right.Read, "other", 403)]
    [InlineData(Right.Read, "rollouts.read", 0)]
    [InlineData(Right.Read, "rollouts.decide", 0)]
    [InlineData(Right.Decide, "rollouts.read", 403)]
    [InlineData(Right.Decide, "rollouts.start", 403)]
    [InlineData(Right.Decide, "rollouts.decide", 0)]
    [InlineData(Right.Start, "rollouts.decide", 403)]
    [InlineData(Right.Start, "rollouts.start", 0)]
    public void Refuse_EachRole_OpensWhatItSays(Right right, string? role, int status)
    {
        AccessPolicy policy = new(new AppServicePrincipals(isOn: true), Roles);
        DefaultHttpContext http = Request(Header(role is null ? [] : [("roles", role)]));
        IResult? refusal = policy.Refuse(http, right);
        Assert.Equal(status, (refusal as IStatusCodeHttpResult)?.StatusCode ?? 0);
    }

    [Theory]
    [InlineData(Right.Read)]
    [InlineData(Right.Start)]
    [InlineData(Right.Decide)]
    public void Refuse_Nobody_Is401(Right right)
    {
        AccessPolicy policy = new(new AppServicePrincipals(isOn: true), Roles);
        Assert.Equal(401, (policy.Refuse(new DefaultHttpContext(), right) as IStatusCodeHttpResult)?.StatusCode);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 0)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "https://app.example", 0)]
    public void Refuse_DecisionFromAForeignPage_Is403(string header, string value, int status)
    {
        AccessPolicy policy = new(new AppServicePrincipals(isOn: true), Roles);
        DefaultHttpContext http = Request(Header(("roles", "rollouts.decide")));
        http.Request.Host = new HostString("app.example");
        http.Request.Headers[header] = value;
        Assert.Equal(status, (policy.Refuse(http, Right.Decide) as IStatusCodeHttpResult)?.StatusCode ?? 0);
    }

    private static ClaimsPrincipal? Identify(string header, bool isOn = true) => new AppServicePrincipals(isOn).Identify(Request(header));

    private static DefaultHttpContext Request(string header)
    {
        DefaultHttpContext http = new();
        http.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = header;
        return http;
    }

    private static string Header(params (string Type, string Value)[] claims) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        auth_typ = "aad",
        name_typ = "http://schemas.example/name",
        role_typ = "http://schemas.example/role",
        claims = claims.Select(c => new { typ = c.Type, val = c.Value }),
    })));
}
