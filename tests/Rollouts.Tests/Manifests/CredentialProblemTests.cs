using Rollouts.Manifests;
using Rollouts.Manifests.Checks;

namespace Rollouts.Tests.Manifests;

/// <summary>What shows who asks comes from a Secret; as a literal it is refused wherever it may stand, and no problem repeats it.</summary>
public sealed class CredentialProblemTests
{
    private const string Literal = "hunter2";

    private static readonly string Prometheus = Manifest.Template[Manifest.Template.IndexOf("      prometheus:", StringComparison.Ordinal)..];

    private static readonly string Web = Manifest.Template
        .Replace(Prometheus, "      web:\n        url: http://service/value\n", StringComparison.Ordinal)
        .Replace("result[0] <= 0.01", "result.ok", StringComparison.Ordinal);

    public static TheoryData<string, string, string> Places => new()
    {
        { "authentication: {basicAuth: {username: me, password: \"VALUE\"}}", "authentication.basicAuth.password", "password" },
        { "authentication: {oauth2: {tokenUrl: http://t/, clientId: me, clientSecret: \"VALUE\"}}", "authentication.oauth2.clientSecret", "clientSecret" },
        { "headers: [{key: Authorization, value: \"VALUE\"}]", "headers[0].value", "Authorization" },
        { "headers: [{key: X-Api-Key, value: \"VALUE\"}]", "headers[0].value", "X-Api-Key" },
        { "headers: [{key: X, value: x}, {key: DD-APPLICATION-KEY, value: \"VALUE\"}]", "headers[1].value", "DD-APPLICATION-KEY" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Read_ArgumentGivenLiterally_IsRefused(string field, string path, string name)
    {
        string template = With(field.Replace("VALUE", "{{args.it}}", StringComparison.Ordinal), path);

        foreach ((string declared, string given) in new[] { ($"{{name: it, value: {Literal}}}", ""), ("{name: it}", Literal), ("{name: it, value: other}", Literal) })
        {
            string[] problems = Manifest.Problems(Given(given), Declared(template, declared));

            Assert.Contains(problems, p => p.EndsWith($"{path}: {name} {CredentialChecks.FromSecret}", StringComparison.Ordinal));
            Assert.DoesNotContain(problems, p => p.Contains(Literal, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Read_ArgumentFromASecret_IsTaken(string field, string path, string name)
    {
        string secret = Declared(With(field.Replace("VALUE", "{{args.it}}", StringComparison.Ordinal), path), "{name: it, valueFrom: {secretKeyRef: {name: s, key: k}}}");

        ReleaseReading reading = Manifest.Read(Manifest.Rollout, secret);

        Assert.True(reading.Problems.Count == 0, $"{name}: {string.Join("; ", reading.Problems)}");
        Assert.NotNull(reading.Release);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Read_LiteralInATemplateThatNothingUses_IsRefused(string field, string path, string name)
    {
        string unused = With(field.Replace("VALUE", Literal, StringComparison.Ordinal), path).Replace("  name: error-rate\nspec", "  name: unused\nspec", StringComparison.Ordinal);

        string[] problems = Manifest.Problems(Manifest.Rollout, Manifest.Template, unused);

        Assert.Contains(problems, p => p.StartsWith("c.yaml:", StringComparison.Ordinal) && p.Contains($": {name} ", StringComparison.Ordinal) && p.Contains("valueFrom.secretKeyRef", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, p => p.Contains(Literal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData($"{Literal}{{{{args.it}}}}")]
    [InlineData($"{{{{args.it}}}}{Literal}")]
    [InlineData("{{args.plain}}{{args.it}}")]
    public void Read_LiteralBesideASecret_IsRefused(string password)
    {
        string template = Declared(
            With($"authentication: {{basicAuth: {{username: me, password: \"{password}\"}}}}", "authentication"),
            "{name: it, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: plain, value: abc}");

        Assert.Contains(
            Manifest.Problems(Manifest.Rollout, template), p => p.EndsWith($"password: password {CredentialChecks.FromSecret}, and nothing beside it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://service/v?api_key=hunter2", true)]
    [InlineData("http://service/v?x=1&access_token=hunter2", true)]
    [InlineData("http://service/v?token={{args.plain}}", true)]
    [InlineData("http://service/v?token={{args.it}}", false)]
    [InlineData("http://service/v?tokens=5&key=a&token=", false)]
    public void Read_CredentialInAUrl_ComesFromASecret(string url, bool isRefused)
    {
        string template = Declared(
            Web.Replace("http://service/value", $"\"{url}\"", StringComparison.Ordinal),
            "{name: it, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: plain, value: abc}");

        string[] problems = Manifest.Problems(Manifest.Rollout, template);

        Assert.Equal(isRefused ? 1 : 0, problems.Length);
        Assert.All(problems, p => Assert.EndsWith(CredentialChecks.FromSecret, p));
    }

    [Theory]
    [InlineData("Authorization", true)]
    [InlineData("cookie", true)]
    [InlineData("X-API-Key", true)]
    [InlineData("apikey", true)]
    [InlineData("Private-Token", true)]
    [InlineData("client_secret", true)]
    [InlineData("X-Scope-OrgID", false)]
    [InlineData("Content-Type", false)]
    [InlineData("X-Key-Id", false)]
    [InlineData("Tokenizer", false)]
    [InlineData("Idempotency-Key", false)]
    public void IsCredential_Name_SaysWhetherItShowsWhoAsks(string name, bool expected) => Assert.Equal(expected, CredentialChecks.IsCredential(name));

    private static string With(string field, string path) => path.Contains("basicAuth", StringComparison.Ordinal) || path == "authentication"
        ? Manifest.Template.Replace("        address:", $"        {field}\n        address:", StringComparison.Ordinal)
        : Web + $"        {field}\n";

    private static string Declared(string template, string args) => template.Replace("  metrics:", $"  args: [{args}]\n  metrics:", StringComparison.Ordinal);

    private static string Given(string value) =>
        Manifest.Rollout + (value.Length == 0 ? "" : $"          args: [{{name: it, value: {value}}}]\n");
}
