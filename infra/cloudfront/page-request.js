// Viewer request, pages: what the proxy of `next start` does, for a bucket. The rules are those of frontend/src/lib/routes.json,
// and a table of cases holds every server to the same answers. ECMAScript 5.1, which is what the runtime has in full.
// generated: rules
var rules = {"home":"/tasks","login":"/login","notFoundFile":"404.html","pages":[{"access":"entry","file":"index.html","path":"/"},{"access":"guest","file":"login.html","path":"/login"},{"access":"guest","file":"signup.html","path":"/signup"},{"access":"anyone","file":"forgot-password.html","path":"/forgot-password"},{"access":"anyone","file":"reset-password.html","path":"/reset-password"},{"access":"anyone","file":"verify-email.html","path":"/verify-email"},{"access":"member","file":"tasks.html","path":"/tasks"},{"access":"member","file":"dashboard.html","path":"/dashboard"},{"access":"member","file":"settings.html","path":"/settings"}],"privateFiles":["/_headers.json"],"sessionCookies":["better-auth.session_token","__Secure-better-auth.session_token"]};
// end of rules

function handler(event) {
  var request = event.request;
  var outcome = decide(request.uri, request.rawQueryString() || '', hasSession(request.cookies));
  if (outcome.status) {
    return {
      statusCode: outcome.status,
      headers: { location: { value: outcome.to }, 'cache-control': { value: 'no-store' } },
    };
  }
  request.uri = '/' + outcome.file;
  return request;
}

function decide(path, query, cookie) {
  var withQuery = function (to) {
    return query === '' ? to : to + '?' + query;
  };
  var shorter = path.slice(0, -1);
  if (path.charAt(path.length - 1) === '/' && shorter !== '' && pageAt(shorter)) {
    return { status: 308, to: withQuery(shorter) };
  }
  var page = pageAt(path);
  if (!page) {
    return { file: isFile(path) ? path.slice(1) : rules.notFoundFile };
  }
  if (page.access === 'entry') {
    return { status: 307, to: cookie ? rules.home : rules.login };
  }
  if (page.access === 'member' && !cookie) {
    return { status: 307, to: rules.login + '?redirect=' + encodeURIComponent(withQuery(path)) };
  }
  // A reason means that the API has just refused the session: believing its cookie would lead to and fro for ever.
  if (page.access === 'guest' && cookie && !queryValue(query, 'reason')) {
    return { status: 307, to: safeTarget(queryValue(query, 'redirect')) };
  }
  return { file: page.file };
}

function pageAt(path) {
  return rules.pages.filter(function (page) {
    return page.path === path;
  })[0];
}

// Assets have an extension; pages are never asked for by their file.
function isFile(path) {
  var name = path.slice(path.lastIndexOf('/') + 1);
  return (
    name.indexOf('.') !== -1 &&
    !/\.html$/.test(name) &&
    rules.privateFiles.indexOf(path) === -1 &&
    /^\/[A-Za-z0-9_!$@()[\]~./-]+$/.test(path) &&
    path.indexOf('//') === -1 &&
    path.indexOf('..') === -1
  );
}

// One of the member pages, with any query or fragment of printable ASCII but the backslash; else home.
function safeTarget(wanted) {
  if (wanted === null || !/^[!-[\]-~]+$/.test(wanted)) {
    return rules.home;
  }
  var page = pageAt(wanted.split(/[?#]/)[0]);
  return page && page.access === 'member' ? wanted : rules.home;
}

// The first value of a parameter; null where it is absent or cannot be decoded.
function queryValue(query, name) {
  var pairs = query.split('&');
  for (var i = 0; i < pairs.length; i += 1) {
    var at = pairs[i].indexOf('=');
    if ((at === -1 ? pairs[i] : pairs[i].slice(0, at)) === name) {
      try {
        return at === -1 ? '' : decodeURIComponent(pairs[i].slice(at + 1).split('+').join(' '));
      } catch (error) {
        return null;
      }
    }
  }
  return null;
}

function hasSession(cookies) {
  return rules.sessionCookies.some(function (name) {
    var cookie = cookies[name];
    return Boolean(cookie && (cookie.multiValue || [cookie]).some(function (one) {
      return one.value !== '';
    }));
  });
}
