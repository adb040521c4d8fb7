using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rollouts.Approvals.Settings;

namespace Rollouts.Approvals.Links;

/// <summary>
/// Signs links and reads them: HMAC-SHA-256 over <c>v1|rollout|gate|purpose|expires|nonce</c>, with the key's name, so that keys can change. That a link is
/// used once is the question's own business: it closes. Reading costs one hash at most, whatever is sent.
/// </summary>
public sealed class LinkSigner
{
    /// <summary>A longer text is not looked at.</summary>
    public const int MostCharacters = 700;

    private const string Version = "v1";
    private readonly (string Id, byte[] Secret)[] keys;
    private readonly TimeSpan goodFor;
    private readonly TimeProvider time;

    public LinkSigner(LinkSettings settings, TimeProvider time)
    {
        keys = [.. settings.Keys.Select(k => (k.Id!, Convert.FromBase64String(Secret.Read(k.Secret, k.SecretFile)!)))];
        goodFor = settings.GoodFor;
        PublicAddress = new Uri(settings.PublicAddress!);
        this.time = time;
    }

    /// <summary>Where people and chat reach this app.</summary>
    public Uri PublicAddress { get; }

    /// <summary>The text of a link.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="gate">The question.</param>
    /// <param name="purpose">What it is good for.</param>
    /// <param name="closesAt">When the question closes by itself; the link ends then at the latest.</param>
    public string Sign(string rollout, string gate, string purpose, DateTimeOffset? closesAt)
    {
        DateTimeOffset ends = time.GetUtcNow() + goodFor;
        ends = closesAt < ends ? closesAt.Value : ends;
        string content = string.Join('|', Version, rollout, gate, purpose, ends.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Nonce());
        if (content.Count('|') != 5)
        {
            throw new ArgumentException("none of the parts may hold a |", nameof(rollout));
        }

        byte[] bytes = Encoding.UTF8.GetBytes(content);
        return $"{keys[0].Id}.{Base64Url.EncodeToString(bytes)}.{Base64Url.EncodeToString(Hash(keys[0], bytes))}";
    }

    /// <summary>The address of the page that shows a question. What stands behind the <c>#</c> is in no log on the way.</summary>
    public Uri PageOf(string rollout, string gate, DateTimeOffset? closesAt) =>
        new(PublicAddress, $"decide#{Sign(rollout, gate, LinkPurpose.Ask, closesAt)}");

    /// <summary>The address of the picture of a question's measurements.</summary>
    public Uri ChartOf(string rollout, string gate, DateTimeOffset? closesAt) =>
        new(PublicAddress, $"charts/{Sign(rollout, gate, LinkPurpose.Chart, closesAt)}.png");

    /// <summary>Reads a link.</summary>
    /// <param name="text">What was sent.</param>
    /// <param name="purposes">What it has to be good for, one of these.</param>
    public LinkReading Read(string? text, params ReadOnlySpan<string> purposes)
    {
        if (text is null || text.Length > MostCharacters || text.Split('.') is not [var id, var content, var mac]
            || Array.FindIndex(keys, k => k.Id == id) is not (>= 0 and var key)
            || Decode(content) is not { } bytes || Decode(mac) is not { } given
            || !CryptographicOperations.FixedTimeEquals(Hash(keys[key], bytes), given)
            || Encoding.UTF8.GetString(bytes).Split('|') is not [Version, var rollout, var gate, var purpose, var expires, var nonce]
            || !purposes.Contains(purpose)
            || !long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return new LinkReading(LinkOutcome.NotGenuine, null);
        }

        SignedLink link = new(rollout, gate, purpose, DateTimeOffset.FromUnixTimeSeconds(seconds), nonce);
        return new LinkReading(time.GetUtcNow() < link.ExpiresAt ? LinkOutcome.Good : LinkOutcome.Expired, link);
    }

    /// <summary>Binds a form to the browser that it was sent to: no other site can make that browser send it.</summary>
    /// <param name="session">A secret of the browser's, from a cookie that other sites can't make it send.</param>
    /// <param name="link">The link that the form is for.</param>
    public string FormToken(string session, string link) =>
        Base64Url.EncodeToString(Hash(keys[0], Encoding.UTF8.GetBytes($"form|{session}|{link}")));

    /// <summary>Whether <see cref="FormToken"/> gave this, with either key.</summary>
    public bool IsFormToken(string? given, string session, string link) =>
        given is { Length: < 100 } && Decode(given) is { } bytes
        && keys.Any(k => CryptographicOperations.FixedTimeEquals(Hash(k, Encoding.UTF8.GetBytes($"form|{session}|{link}")), bytes));

    private static string Nonce() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    // The key's name is part of what is signed: a text can't be passed off as another key's.
    private static byte[] Hash((string Id, byte[] Secret) key, byte[] content)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{key.Id}."), .. content];
        return HMACSHA256.HashData(key.Secret, signed);
    }

    private static byte[]? Decode(string text)
    {
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out int read, out int length) == OperationStatus.Done && read == text.Length ? bytes[..length] : null;
    }
}
