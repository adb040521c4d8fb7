using Microsoft.Extensions.Configuration;
using Rollouts.Approvals.Settings;
using Rollouts.Policy;

namespace Rollouts.Approvals.Tests.Settings;

public sealed class ApprovalSettingsTests
{
    private static readonly Dictionary<string, string?> Whole = new()
    {
        ["Slack:BotToken"] = "xoxb-1",
        ["Slack:SigningSecret"] = "s",
        ["Slack:Teams:0"] = "T1",
        ["Slack:UserGroups:0"] = "S1",
        ["Teams:OutgoingToken"] = "AQID",
        ["Links:PublicAddress"] = "https://rollouts.example.com/",
        ["Links:Keys:0:Id"] = "k1",
        ["Links:Keys:0:Secret"] = Signers.First.Secret,
        ["Channels:team:Slack"] = "C1",
        ["Channels:ops:Teams"] = "https://prod.example.com/workflows/1?sig=secret",
        ["Environments:production:Namespaces:0"] = "shop",
        ["Environments:production:Approval:Quorum"] = "2",
        ["Environments:production:Approval:SlackGroups:0"] = "S1",
        ["Environments:production:Approval:RequesterMayApprove"] = "false",
        ["Environments:production:Channels:0"] = "team",
    };

    [Fact]
    public void Read_Everything_IsTaken()
    {
        (ApprovalSettings settings, IReadOnlyList<string> problems) = Read([]);
        Assert.Empty(problems);
        Assert.Equal(["C1", null], new[] { settings.Channels["team"].Slack, settings.Channels["ops"].Slack });
        ApprovalPolicy approval = settings.Environments["production"].Approval!;
        Assert.Equal((2, false, "S1", true), (approval.Quorum, approval.RequesterMayApprove, approval.SlackGroups[0], approval.NamesApprovers));
    }

    [Fact]
    public void Read_Nothing_IsFine()
    {
        (ApprovalSettings settings, IReadOnlyList<string> problems) = ApprovalSettings.Read(new ConfigurationBuilder().Build());
        Assert.Empty(problems);
        Assert.Null(settings.Slack);
    }

    [Theory]
    [InlineData("Slack:Teams:0", null, "Slack:Teams")]
    [InlineData("Slack:BotTokenFile", "/nowhere", "Slack:BotToken")]
    [InlineData("Slack:ApiAddress", "ftp://x/", "Slack:ApiAddress")]
    [InlineData("Slack:Tems", "x", "Slack")]
    [InlineData("Teams:OutgoingToken", "not base64", "Teams:OutgoingToken")]
    [InlineData("Links:PublicAddress", "rollouts", "Links:PublicAddress")]
    [InlineData("Links:PublicAddress", "https://rollouts.example.com", "Links:PublicAddress")]
    [InlineData("Links:Keys:0:Secret", "AQID", "Links:Keys:0:Secret")]
    [InlineData("Links:Keys:0:Id", "k.1", "Links:Keys:0:Id")]
    [InlineData("Links:GoodFor", "00:00:00", "Links:GoodFor")]
    [InlineData("Channels:ops:Teams", "nowhere", "Channels:ops:Teams")]
    [InlineData("Channels:ops:Slack", "C2", "Channels:ops")]
    [InlineData("Channels:team one:Slack", "C2", "Channels:team one")]
    [InlineData("Environments:production:Channels:0", "nobody", "Environments:production:Channels:0")]
    [InlineData("Environments:staging:Namespaces:0", "shop", "Environments:staging:Namespaces:0")]
    [InlineData("Environments:production:Approval:Quorum", "11", "Environments:production:Approval:Quorum")]
    [InlineData("Environments:production:Approval:Quorum", "two", "Environments")]
    public void Read_SettingWrong_NamesTheKeyAndNoSecret(string key, string? value, string named)
    {
        IReadOnlyList<string> problems = Read(new() { [key] = value }).Problems;
        Assert.Contains(problems, p => p.StartsWith($"{named}:", StringComparison.Ordinal) || p.StartsWith($"{named}File:", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, p => p.Contains("xoxb", StringComparison.Ordinal) || p.Contains("sig=", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SecretFile_IsRead()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Signers.First.Secret + "\n");
            Assert.Empty(Read(new() { ["Links:Keys:0:Secret"] = null, ["Links:Keys:0:SecretFile"] = file }).Problems);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (ApprovalSettings Settings, IReadOnlyList<string> Problems) Read(Dictionary<string, string?> over)
    {
        Dictionary<string, string?> all = new(Whole);
        foreach ((string key, string? value) in over)
        {
            all[key] = value;
        }

        return ApprovalSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(all.Where(s => s.Value is not null)).Build());
    }
}
